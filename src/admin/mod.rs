//! What administrators do: to clients, people, keys and sessions.
//!
//! Owns the rules of client registration and of connections to upstream providers, the claiming of a new server, and every change to what is not one's own. The console, the
//! command line and the demo all call these functions, each of which commits its changes together with an audit entry in the
//! name of `actor`. Leaves asking whether the actor may to its callers: whoever holds an [`Administration`] may everything.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::identity::Accounts;
use crate::keys::Sealer;
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::client::SigningAlgorithm;
use crate::store::{Stores, UnitOfWork};
use crate::support::{Clock, Random, Timestamp};

pub mod audit;
pub mod claim;
pub mod clients;
pub mod connections;
pub mod keys;
pub mod sessions;
pub mod users;

/// What administration needs of the rest of the house.
pub struct Administration {
    accounts: Accounts,
    capabilities: ServerCapabilities,
    /// How long a session lives at most, and so how long the end of one must be remembered.
    longest_session: Duration,
    /// Seals our secrets at upstream providers.
    sealer: Arc<Sealer>,
}

/// What of the server's configuration registrations must fit.
#[derive(Clone, Debug)]
struct ServerCapabilities {
    /// The algorithms that the server holds keys for.
    algorithms: Vec<SigningAlgorithm>,
    /// Whether calls to addresses that a registration names may go without TLS.
    http_allowed: bool,
}

impl Administration {
    /// Administration of the server whose accounts these are; `sealer` is that of upstream secrets.
    pub fn new(accounts: Accounts, config: &Config, sealer: Arc<Sealer>) -> Self {
        let capabilities = ServerCapabilities {
            algorithms: config.keys.algorithms.clone(),
            http_allowed: config.network.outgoing_http,
        };
        let longest_session = Duration::from_hours(u64::from(config.sessions.absolute_hours));
        Self { accounts, capabilities, longest_session, sealer }
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

    /// An audit entry about something that `actor` does now.
    fn event(&self, kind: AuditKind, actor: &Actor, now: Timestamp) -> AuditEvent {
        AuditEvent::new(kind, actor.clone(), now, self.random())
    }
}

impl std::fmt::Debug for Administration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Administration").finish_non_exhaustive()
    }
}

/// How often a change that somebody else's overtook is made again, where making it again means the same.
const RETRIES: u32 = 5;
