//! What an operator hears of refused requests: one line in the log each, and the last ones of every client for `haechi clients problems`.
//!
//! Owns that there is one place for it ([`Refusals::note`]), how many lines a minute may bring, and that they are written to the store behind
//! the answer. Leaves why a request is refused to those who refuse it, what may be written down of it at all to
//! [`Refusal`], and what is to be done about it to `admin`.

use std::sync::Arc;

use crate::clients::ClientCache;
use crate::counts::Counts;
use crate::model::NotedRefusal;
use crate::model::count::Counted;
use crate::model::refusal::{Refusal, Weight};
use crate::store::RefusalStore;
use crate::support::id::RefusalId;
use crate::support::{Clock, Random};

mod budget;
mod keeping;

use budget::{Budget, LeftOut, Owner};
use keeping::Keeping;

/// The target of every line.
pub const TARGET: &str = "haechi::refusals";

/// A refusal, and where it was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The request's id, as its answer says it.
    pub request: String,
    /// The route that refused it.
    pub endpoint: String,
    /// Why.
    pub refusal: Refusal,
}

/// What the log of refusals rests on.
#[allow(missing_docs, reason = "each is what its type says")]
pub struct Parts {
    pub store: Arc<dyn RefusalStore>,
    pub clients: Arc<ClientCache>,
    pub counts: Arc<Counts>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// Logs refusals and keeps them.
pub struct Refusals {
    clients: Arc<ClientCache>,
    counts: Arc<Counts>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    budget: Arc<Budget>,
    keeping: Keeping,
}

impl Refusals {
    /// A log to which nothing was written yet.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, clients, counts, clock, random } = parts;
        let budget = Arc::new(Budget::default());
        let keeping = Keeping::start(store, Arc::clone(&budget), Arc::clone(&clock));
        Self { clients, counts, clock, random, budget, keeping }
    }

    /// Logs a refusal, unless there were too many within a minute, and keeps it where a client, a registration or a setting is to blame.
    pub async fn note(&self, seen: Seen) {
        let now = self.clock.now();
        self.counts.note(Counted::Refusal(seen.refusal.reason));
        let owner = self.owner(&seen.refusal).await;
        for left_out in self.budget.over(now) {
            log_left_out(&left_out);
        }
        if !self.budget.admits(&owner, &seen, now) {
            return;
        }
        log(&seen);
        if seen.refusal.reason.weight() == Weight::Usual || owner == Owner::Pages {
            return;
        }
        let Seen { request, endpoint, refusal } = seen;
        let registered = matches!(owner, Owner::Client(_));
        let id = RefusalId::new(now, self.random.as_ref());
        self.keeping.keep(NotedRefusal { id, at: now, request, endpoint, registered, refusal });
    }

    /// Waits until what was noted before is written: at the end of the process, and in tests.
    pub async fn written(&self) {
        self.keeping.written().await;
    }

    /// Whose budget it is. Where the clients cannot be asked, it is that of strangers.
    async fn owner(&self, refusal: &Refusal) -> Owner {
        match &refusal.client {
            Some(client) => match self.clients.find(client).await {
                Ok(Some(client)) => Owner::Client(client.id.to_string()),
                Ok(None) | Err(_) => Owner::Strangers,
            },
            None if refusal.connection.is_some() => Owner::Strangers,
            None => Owner::Pages,
        }
    }
}

fn log(Seen { request, endpoint, refusal }: &Seen) {
    let Refusal { reason, client, connection, parameter, sent, expected, detail, authenticated: _ } = refusal;
    let expected = Some(expected.join(" ")).filter(|expected| !expected.is_empty());
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: TARGET,
                id = %request,
                %endpoint,
                reason = reason.code(),
                client = client.as_deref(),
                connection = connection.as_deref(),
                parameter = parameter.as_deref(),
                sent = sent.as_deref(),
                expected = expected.as_deref(),
                detail = detail.as_deref(),
                "refused"
            )
        };
    }
    match reason.weight() {
        Weight::Usual => line!(info),
        Weight::Problem => line!(warn),
    }
}

fn log_left_out(LeftOut { owner, count }: &LeftOut) {
    let client = match owner {
        Owner::Client(client) => Some(client.as_str()),
        Owner::Strangers | Owner::Pages => None,
    };
    tracing::warn!(target: TARGET, client, left_out = count, "more was refused within a minute than is written down");
}
