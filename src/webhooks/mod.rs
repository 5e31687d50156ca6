//! Webhooks: telling other programs what happens, as [Standard Webhooks](https://www.standardwebhooks.com) 1.0.0 says.
//!
//! What is told is what the audit log says, so nothing that happens waits for it or is lost to it: an entry becomes a message when it has its place in the
//! log's chain, together with the place that a webhook has there. A message is sent until it is taken, with growing pauses; a node that stops in
//! the middle of an attempt leaves it to the others. So a message is sent at least once, in no particular order, and known again by its id.
//!
//! Owns messages, their signatures and their attempts. Leaves who may make webhooks to `admin`, and which addresses can be reached to `outgoing`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::http::{Request, header};
use serde_json::json;

use crate::keys::Sealer;
use crate::model::audit_entry::AuditEntry;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind, AuditTarget};
use crate::model::webhook::{Attempt, Message, MessageState, Webhook};
use crate::outgoing::{Caller, FetchFailed, Outgoing};
use crate::store::{AuditLog, Behind, Change, Conflict, StoreError, StoreResult, UnitOfWork, WebhookStore};
use crate::support::id::{MessageId, WebhookId};
use crate::support::{Clock, Random, Timestamp};

mod schedule;
mod secret;

pub use secret::{NotASecret, SECRET_BYTES, WebhookSecret};

/// How often a node looks for what is to be told.
pub const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The most bytes that are read of an answer. Nothing is done with them.
const MAX_ANSWER: usize = 64 * 1024;
/// The most entries that are passed on to one webhook at a time.
const ENTRIES: u32 = 200;
/// How many attempts a node makes at once: altogether, and to one webhook.
const AT_ONCE: (usize, u32) = (16, 2);
/// After how long an attempt that nobody ended is made again: longer than any may take.
const GIVEN_UP_AFTER: Duration = Duration::from_mins(2);

/// What sending messages rests on.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub store: Arc<dyn WebhookStore>,
    pub log: Arc<dyn AuditLog>,
    pub work: Arc<dyn UnitOfWork>,
    pub outgoing: Arc<Outgoing>,
    pub sealer: Arc<Sealer>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// Tells webhooks what happens.
pub struct Webhooks {
    parts: Parts,
    /// How many attempts to each webhook this node is making.
    under_way: Mutex<HashMap<WebhookId, u32>>,
}

impl Webhooks {
    /// The webhooks of this server.
    pub fn new(parts: Parts) -> Self {
        Self { parts, under_way: Mutex::default() }
    }

    /// Makes messages of what happened, and begins to send those that are due. Says how many attempts it began.
    pub async fn look(self: &Arc<Self>) -> StoreResult<u32> {
        self.pass_on().await?;
        let mut begun = 0;
        for message in self.due().await? {
            let Some(place) = self.place(message.webhook) else { continue };
            let node = Arc::clone(self);
            tokio::spawn(async move {
                let _place = place;
                if let Err(error) = node.send(message).await {
                    tracing::warn!(%error, "a message to a webhook cannot be noted: it is sent again");
                }
            });
            begun += 1;
        }
        Ok(begun)
    }

    /// Does the same, and waits for every attempt. Says how many there were.
    pub async fn look_and_wait(&self) -> StoreResult<u32> {
        self.pass_on().await?;
        let mut made = 0;
        for message in self.due().await? {
            made += u32::from(self.send(message).await?);
        }
        Ok(made)
    }

    /// Makes messages of the entries that have their place in the log's chain since the last look.
    async fn pass_on(&self) -> StoreResult<()> {
        for Behind { webhook, after } in self.parts.store.behind().await? {
            let entries = self.parts.log.chained(after, ENTRIES).await?;
            let Some(until) = entries.last().and_then(|entry| entry.link).map(|link| link.seq) else { continue };
            // An entry that cannot be read is the business of `haechi audit verify`.
            let events = entries.iter().filter_map(|entry| serde_json::from_str(&entry.document).ok());
            let messages = events.filter(|event: &AuditEvent| webhook.wants(event.kind));
            let messages = messages.map(|event| self.message_of(webhook.id, &event)).collect();
            // Where its place moved meanwhile, another node passes them on.
            self.parts.store.pass_on(webhook.id, after, until, messages).await?;
        }
        Ok(())
    }

    fn message_of(&self, webhook: WebhookId, event: &AuditEvent) -> Message {
        let kind = event.kind.as_str();
        let said = json!({ "type": kind, "timestamp": event.at.to_string(), "data": AuditEntry::from(event) });
        let now = self.parts.clock.now();
        Message::new(MessageId::new(now, &*self.parts.random), webhook, kind.to_owned(), said.to_string(), now)
    }

    /// The messages that this node could begin to send.
    async fn due(&self) -> StoreResult<Vec<Message>> {
        let limit = u32::try_from(AT_ONCE.0).unwrap_or(u32::MAX);
        self.parts.store.due(self.parts.clock.now(), AT_ONCE.1, limit).await
    }

    /// A place for one more attempt to a webhook, unless it has all of its own or there is none left.
    fn place(self: &Arc<Self>, webhook: WebhookId) -> Option<Place> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = under_way.values().map(|count| *count as usize).sum();
        let own = under_way.entry(webhook).or_default();
        if all >= AT_ONCE.0 || *own >= AT_ONCE.1 {
            return None;
        }
        *own += 1;
        Some(Place { node: Arc::clone(self), webhook })
    }

    /// Makes an attempt, unless another node does; says whether it was made.
    async fn send(&self, message: Message) -> StoreResult<bool> {
        let Parts { store, clock, .. } = &self.parts;
        let Some(webhook) = store.find(message.webhook).await?.filter(|webhook| webhook.enabled) else {
            return Ok(false);
        };
        if !store.take(&message, clock.now().plus(GIVEN_UP_AFTER)).await? {
            return Ok(false);
        }
        let taken = Message { attempts: message.attempts + 1, ..message };
        let answer = self.post(&webhook, &taken).await;
        let noted = noted(taken, answer, clock.now());
        let failing_since = store.note(&noted).await?;
        if let Some(why) = given_up(answer, failing_since, clock.now()) {
            self.switch_off(webhook, why).await?;
        }
        Ok(true)
    }

    /// Standard Webhooks 1.0.0, "Webhook headers": the id of the message, the second of this attempt, and the signatures.
    async fn post(&self, webhook: &Webhook, message: &Message) -> Result<u16, Unsent> {
        let (now, id) = (self.parts.clock.now(), message.id.to_string());
        let signatures = secret::signatures(&self.parts.sealer, webhook, now, &id, &message.body);
        let request = Request::post(&webhook.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now.seconds())
            .header("webhook-signature", signatures.ok_or(Unsent::NoSecret)?)
            .body(message.body.clone().into_bytes())
            .map_err(|_| Unsent::Failed(FetchFailed::Url))?;
        let answer = self.parts.outgoing.send(Caller::Webhook, request, MAX_ANSWER).await;
        answer.map(|answer| answer.status().as_u16()).map_err(Unsent::Failed)
    }

    /// Switches a webhook off that takes nothing. Where somebody changed it meanwhile it stays as they left it.
    async fn switch_off(&self, webhook: Webhook, why: GivenUp) -> StoreResult<()> {
        let now = self.parts.clock.now();
        let event = AuditEvent::new(AuditKind::WebhookDisabled, Actor::System, now, &*self.parts.random);
        let event = event.to(AuditTarget::Webhook(webhook.id)).saying(why.to_string());
        let off = Change::UpdateWebhook(Webhook { enabled: false, updated_at: now, ..webhook });
        match self.parts.work.commit(vec![off, Change::Audit(event)]).await {
            Err(StoreError::Conflict(Conflict::Stale)) => Ok(()),
            done => done,
        }
    }
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhooks").finish_non_exhaustive()
    }
}

/// Room for one attempt, until it is dropped.
struct Place {
    node: Arc<Webhooks>,
    webhook: WebhookId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.node.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = under_way.get_mut(&self.webhook) {
            *own = own.saturating_sub(1);
        }
        under_way.retain(|_, count| *count > 0);
    }
}

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Unsent {
    #[error("no secret of the webhook opens: give it another one")]
    NoSecret,
    #[error(transparent)]
    Failed(FetchFailed),
}

/// Why a webhook is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum GivenUp {
    #[error("it answered 410 Gone")]
    Gone,
    #[error("it has taken nothing for days")]
    Unanswered,
}

/// Standard Webhooks 1.0.0: 2xx is success, "410 Gone" asks for nothing more, everything else, redirects among it, is tried again.
const fn is_taken(status: u16) -> bool {
    status >= 200 && status < 300
}

/// A message after an attempt.
fn noted(message: Message, answer: Result<u16, Unsent>, now: Timestamp) -> Message {
    let status = answer.ok();
    let problem = answer.err().map(|why| why.to_string());
    let (state, next_at) = match schedule::pause_after(message.attempts) {
        _ if status.is_some_and(is_taken) => (MessageState::Delivered, message.next_at),
        Some(pause) => (MessageState::Waiting, now.plus(pause)),
        None => (MessageState::Failed, message.next_at),
    };
    Message { state, next_at, last: Some(Attempt { at: now, status, problem }), ..message }
}

/// Whether a webhook is given up after this answer.
fn given_up(answer: Result<u16, Unsent>, failing_since: Option<Timestamp>, now: Timestamp) -> Option<GivenUp> {
    match answer {
        Ok(410) => Some(GivenUp::Gone),
        Ok(status) if is_taken(status) => None,
        _ => failing_since.filter(|since| since.plus(schedule::PATIENCE) <= now).map(|_| GivenUp::Unanswered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn after(attempts: u32, answer: Result<u16, Unsent>) -> (MessageState, bool) {
        let random = SeededRandom::new(1);
        let (id, webhook) = (MessageId::new(NOW, &random), WebhookId::new(NOW, &random));
        let message = Message { attempts, ..Message::new(id, webhook, "test".to_owned(), String::new(), NOW) };
        let noted = noted(message, answer, NOW);
        (noted.state, noted.next_at > NOW)
    }

    #[test]
    fn what_is_not_taken_is_sent_again_until_the_last_attempt() {
        for status in [200, 204, 299] {
            assert_eq!(after(1, Ok(status)), (MessageState::Delivered, false), "{status}");
        }
        for answer in [Ok(199), Ok(302), Ok(404), Ok(500), Err(Unsent::Failed(FetchFailed::Timeout))] {
            assert_eq!(after(1, answer), (MessageState::Waiting, true), "{answer:?}");
            assert_eq!(after(9, answer), (MessageState::Waiting, true), "{answer:?}");
            assert_eq!(after(10, answer), (MessageState::Failed, false), "{answer:?}");
        }
    }

    #[test]
    fn a_webhook_is_given_up_when_it_says_so_or_takes_nothing_for_days() {
        let days_ago = |days: u64| Some(NOW.minus(Duration::from_hours(24 * days)));
        assert_eq!(given_up(Ok(410), None, NOW), Some(GivenUp::Gone));
        assert_eq!(given_up(Ok(500), days_ago(4), NOW), None);
        assert_eq!(given_up(Ok(500), days_ago(5), NOW), Some(GivenUp::Unanswered));
        assert_eq!(given_up(Ok(200), days_ago(5), NOW), None);
    }
}
