//! The authorization endpoint's state machine.
//!
//! Owns what happens between an app's authorization request and its answer: [`start`](Flow::start) checks the request, the pure
//! [`next_step`] says what comes next, each page records one thing and returns to [`resume`](Flow::resume), and issuing a code ends it.
//! Owns too how an app signs its end-user out ([`logout`]). Leaves who is signed in to a browser to `sessions`, how an end-user
//! authenticates to `identity`, what a code is good for to `grants`, and everything that is HTTP to `http`.

use std::sync::Arc;
use std::time::Duration;

use crate::clients::ClientCache;
use crate::identity::Throttle;
use crate::keys::KeyRing;
use crate::protocol::issuer::Issuer;
use crate::sealed::SealedRecords;
use crate::sessions::Sessions;
use crate::store::Stores;
use crate::support::{Clock, Random};

mod answer;
mod hint;
mod issue;
pub mod logout;
pub mod next_step;
mod start;
mod steps;
mod view;

pub use answer::Answer;
pub use next_step::{LoginReason, Step, candidate, next_step};
pub use start::StartRejected;
pub use steps::FlowRejected;
pub use view::{AccountChoice, FlowView};

use crate::support::id::AuthorizationId;

/// What the browser is to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Show the person a page.
    Ask {
        /// The pending authorization.
        flow: AuthorizationId,
        /// Which page.
        page: Page,
    },
    /// Go back to the app.
    Answer(Box<Answer>),
}

/// A page that asks a person something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Who they are.
    Login,
    /// Who they would like to be: an account is made.
    SignUp,
    /// As whom they want to go on.
    SelectAccount,
    /// Whether they agree.
    Consent,
}

/// What the flow rests on.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub stores: Stores,
    pub clients: Arc<ClientCache>,
    pub keys: Arc<KeyRing>,
    pub throttle: Arc<Throttle>,
    pub records: SealedRecords,
    pub issuer: Issuer,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// The authorize state machine.
pub struct Flow {
    stores: Stores,
    clients: Arc<ClientCache>,
    keys: Arc<KeyRing>,
    throttle: Arc<Throttle>,
    issuer: Issuer,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    records: SealedRecords,
    code_lifetime: Duration,
    authorization_lifetime: Duration,
    /// Who is signed in to which browser.
    pub sessions: Sessions,
}

impl Flow {
    /// Puts the parts together.
    pub fn new(parts: Parts, config: &crate::config::Config) -> Self {
        let Parts { stores, clients, keys, throttle, records, issuer, clock, random } = parts;
        Self {
            sessions: Sessions::new(&stores, records.clone(), &config.sessions, clock.clone(), random.clone()),
            stores,
            clients,
            keys,
            throttle,
            issuer,
            clock,
            random,
            records,
            code_lifetime: Duration::from_secs(config.tokens.code_seconds),
            authorization_lifetime: Duration::from_mins(u64::from(config.sessions.authorization_minutes)),
        }
    }
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flow").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}
