//! The authorization endpoint's state machine.
//!
//! Owns what happens between a client's authorization request and its answer: [`start`](Flow::start) checks the request, the pure
//! [`next_step`] says what comes next, each page records one thing and returns to [`resume`](Flow::resume), and issuing a code ends it.
//! Owns too how a client signs its end-user out ([`logout`]). Leaves who is signed in to a browser to `sessions`, how an end-user
//! authenticates to `identity`, what a code is good for to `grants`, and everything that is HTTP to `http`.

use std::sync::Arc;
use std::time::Duration;

use crate::affiliations::Affiliations;
use crate::clients::ClientCache;
use crate::counts::Counts;
use crate::identity::Throttle;
use crate::identity::second_factor::Needed;
use crate::keys::KeyRing;
use crate::model::acr::Classes;
use crate::model::client::ClientId;
use crate::model::factor::Kinds;
use crate::model::passkey::HardwareKinds;
use crate::policy::Policies;
use crate::protocol::issuer::Issuer;
use crate::sealed::SealedRecords;
use crate::sessions::Sessions;
use crate::store::Stores;
use crate::support::{Clock, Random};

mod answer;
mod checked_request;
mod hint;
mod issue;
pub mod logout;
pub mod next_step;
mod start;
mod steps;
mod trial;
mod view;

pub use answer::Answer;
pub use next_step::{LoginReason, Question, Step, Verdict, candidate, next_step};
pub use start::StartRejected;
pub use steps::FlowRejected;
pub use trial::{Trial, TrialOrder};
pub use view::{AccountChoice, FlowView};

use crate::support::id::AuthorizationId;

/// How often what comes next is decided again, where what it rested on was ended in the same moment.
const RETRIES: u32 = 5;

/// What the browser is to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Show the end-user a page.
    Ask {
        /// The pending authorization that the page belongs to.
        flow: AuthorizationId,
        /// The page that asks what is to be known next.
        page: Page,
    },
    /// Go back to the client with its answer.
    Answer(Box<Answer>),
    /// The answer to a trial waits for the administrator who began it.
    Tried {
        /// The client that was tried.
        client: ClientId,
        /// What finds the trial.
        trial: String,
    },
}

/// A page that asks the end-user something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// To sign in to an account.
    Login,
    /// To make an account.
    SignUp,
    /// To choose one of the accounts that are signed in.
    SelectAccount,
    /// To prove a second factor of one of these kinds, or to add one.
    SecondStep(Needed, Kinds),
    /// To prove the address of the account.
    VerifyAddress,
    /// To agree to what the client asks for.
    Consent,
}

/// What the flow rests on.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub stores: Stores,
    pub policies: Arc<Policies>,
    pub affiliations: Arc<Affiliations>,
    pub clients: Arc<ClientCache>,
    pub keys: Arc<KeyRing>,
    pub throttle: Arc<Throttle>,
    pub records: SealedRecords,
    pub counts: Arc<Counts>,
    pub hardware: HardwareKinds,
    pub issuer: Issuer,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// The authorize state machine.
pub struct Flow {
    stores: Stores,
    policies: Arc<Policies>,
    /// The groups and roles that people have.
    affiliations: Arc<Affiliations>,
    clients: Arc<ClientCache>,
    keys: Arc<KeyRing>,
    throttle: Arc<Throttle>,
    issuer: Issuer,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    records: SealedRecords,
    /// What apps may ask an authentication to be.
    classes: Classes,
    /// Which authenticators prove that they keep keys in hardware.
    hardware: HardwareKinds,
    code_lifetime: Duration,
    authorization_lifetime: Duration,
    /// The sign-ins of browsers.
    pub sessions: Sessions,
}

impl Flow {
    /// The state machine of these parts, with the lifetimes of the configuration.
    pub fn new(parts: Parts, config: &crate::config::Config) -> Self {
        let Parts {
            stores,
            policies,
            affiliations,
            clients,
            keys,
            throttle,
            records,
            counts,
            hardware,
            issuer,
            clock,
            random,
        } = parts;
        Self {
            sessions: Sessions::new(
                &stores,
                records.clone(),
                policies.clone(),
                (clock.clone(), random.clone()),
                counts,
            ),
            stores,
            policies,
            affiliations,
            clients,
            keys,
            throttle,
            issuer,
            clock,
            random,
            records,
            classes: config.acr.classes(),
            hardware,
            code_lifetime: config.tokens.code(),
            authorization_lifetime: config.sessions.authorization(),
        }
    }

    /// The sealed records of browsers: for what else a page keeps until its end-user comes back.
    pub const fn records(&self) -> &SealedRecords {
        &self.records
    }
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flow").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}
