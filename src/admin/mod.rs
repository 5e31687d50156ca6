//! What administrators do: to clients, accounts, connections, keys, sessions and the policy of the server.
//!
//! Owns the rules of client registration and of connections to upstream providers, the claiming of a new server, every change to what is
//! not one's own, and who may make it. The console, the API, the command line and the demo all call these functions. Each takes an [`Authority`],
//! those that change something one whose account proved itself a moment ago ([`ProvenAuthority`]), and begins by asking it for a [`Permission`], commits its changes together with an audit entry in the authority's name, and answers
//! [`Rejected`] where it did nothing. Leaves coming by an authority to its callers, and what is one's own to `identity`.
//!
//! Exempt are [`personal_data::of_own`], which takes the proof of the account that it is about, [`claim::is_open`] and what tells of it, which every caller may know, and [`claim::claim`] and [`claim::claim_as`], for which the link itself
//! speaks.
//!
//! What is asked for may also only be tried ([`ProvenAuthority::trying`]): the rules are the same, and what would be committed is taken back.
//!
//! Accounts, clients, connections and the policy count their changes in `version`. A change is for a [`Target`], which may name the version that the
//! caller saw; where it is another by then, the answer is [`Rejected::Stale`]. Consents and links to upstream accounts have none: they are made and
//! deleted as a whole. The key ring has a version of its own, which `keys` looks after.

use std::sync::Arc;

use crate::audit_chain::AuditChain;
use crate::config::Config;
use crate::identity::Accounts;
use crate::keys::{KeyRing, Sealer};
use crate::model::AuditEvent;
use crate::model::audit_event::AuditKind;
use crate::model::client::SigningAlgorithm;
use crate::outgoing::PortGuard;
use crate::protocol::issuer::Issuer;
use crate::store::{Change, Conflict, StoreError, StoreResult, Stores, UnitOfWork};
use crate::support::{Clock, Random, Timestamp};

pub mod affiliations;
pub mod apis;
pub mod attention;
pub mod attributes;
pub mod audit;
mod authority;
pub mod claim;
pub mod claim_rules;
pub mod clients;
pub mod connections;
pub mod counts;
pub mod declared;
pub mod delegations;
pub mod document;
mod field_problem;
mod in_languages;
pub mod issuer;
pub mod keys;
mod labels;
mod logo;
pub mod mail;
mod permission;
pub mod personal_data;
pub mod policy;
pub mod problems;
pub mod production;
pub mod recipes;
mod rejected;
pub mod sessions;
pub mod settings;
mod target;
pub mod token_preview;
mod url;
pub mod users;
pub mod webhooks;

pub use authority::{Authority, Once, ProvenAuthority};
pub use field_problem::{ClaimProblem, FieldError, FieldProblem, KeyProblem};
pub use permission::{DELEGATED, PERMISSIONS, Permission};
pub use rejected::{Aggregate, Rejected};
pub use target::Target;

/// What administration needs of the rest of the house.
pub struct Administration {
    accounts: Accounts,
    capabilities: ServerCapabilities,
    /// Where the server is: documents say redirect URIs at it.
    issuer: Issuer,
    /// Seals our secrets at upstream providers, and those that messages to webhooks are signed with.
    sealer: Arc<Sealer>,
    /// Holds a key for the algorithms that clients are registered with.
    keys: Arc<KeyRing>,
    /// Shows whether an entry of the audit log was changed.
    audit: Arc<AuditChain>,
    /// Whether there is a first administrator.
    claim: claim::Known,
    /// Who uses each algorithm, as it was counted last.
    uses: keys::KnownUses,
}

/// What of the server's configuration registrations must fit.
#[derive(Clone, Debug)]
struct ServerCapabilities {
    /// The algorithms that the server holds keys for, or makes one for when a client is registered with one.
    algorithms: Vec<SigningAlgorithm>,
    /// Whether calls to addresses that a registration names may go without TLS.
    http_allowed: bool,
    /// The ports where such addresses may be.
    ports: PortGuard,
}

impl Administration {
    /// Administration of the server at `issuer` whose accounts, signing keys and audit log these are; `sealer` is that of upstream secrets.
    pub fn new(
        (accounts, keys, audit): (Accounts, Arc<KeyRing>, Arc<AuditChain>),
        config: &Config,
        issuer: Issuer,
        sealer: Arc<Sealer>,
    ) -> Self {
        let capabilities = ServerCapabilities {
            algorithms: config.keys.offered(),
            http_allowed: config.network.outgoing_http,
            ports: PortGuard::new(&config.network.outgoing_ports),
        };
        let (claim, uses) = (claim::Known::default(), keys::KnownUses::default());
        Self { accounts, capabilities, issuer, sealer, keys, audit, claim, uses }
    }

    fn stores(&self) -> &Stores {
        &self.accounts.stores
    }

    fn work(&self) -> &dyn UnitOfWork {
        &*self.accounts.stores.work
    }

    fn clock(&self) -> &dyn Clock {
        &*self.accounts.clock
    }

    fn random(&self) -> &dyn Random {
        &*self.accounts.random
    }

    /// An audit entry about something that is done now.
    fn event(&self, kind: AuditKind, authority: &Authority, now: Timestamp) -> AuditEvent {
        AuditEvent::new(kind, authority.actor().clone(), now, self.random())
    }

    /// Commits a change of this kind of thing.
    async fn commit(&self, authority: &ProvenAuthority, what: Aggregate, changes: Vec<Change>) -> Result<(), Rejected> {
        self.commit_by(authority, changes).await.map_err(|error| Rejected::of_commit(error, what))
    }

    /// Refuses an authority that no longer stands: before what is committed elsewhere.
    async fn stands(&self, authority: &ProvenAuthority) -> Result<(), Rejected> {
        Ok(self.work().commit(authority.ground().into_iter().collect()).await?)
    }

    /// Commits changes by an authority that still stands: `Ended` where its account was ended, disabled or lost a role since. By one that only
    /// tries, all is taken back in the end, and only what would have kept it from happening is an error.
    async fn commit_by(&self, authority: &ProvenAuthority, changes: Vec<Change>) -> StoreResult<()> {
        match self.work().commit(authority.around(changes)).await {
            Err(StoreError::Conflict(Conflict::TakenBack)) => Ok(()),
            done => done,
        }
    }
}

impl std::fmt::Debug for Administration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Administration").finish_non_exhaustive()
    }
}

/// How often a change that another one overtook is made again, where making it again means the same.
const RETRIES: u32 = 5;
