//! Groups and roles in apps, as the hot paths know them: without a question to the store for each token.
//!
//! Owns when what is remembered of them still counts. An account is read for every token, with the count of changes of groups and roles beside it
//! ([`User::affiliations_version`]): what is remembered counts while it is of that one. So a change counts at the next use on every node, and nothing is
//! asked as long as there is none. Leaves making and giving them to `admin`.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use crate::model::affiliation::{Catalogue, Held};
use crate::model::{Client, User};
use crate::protocol::scope::standard;
use crate::store::{AffiliationStore, StoreResult};

/// Knows the groups and roles.
pub struct Affiliations {
    store: Arc<dyn AffiliationStore>,
    known: ArcSwap<Catalogue>,
    /// Held by the one that reads them anew.
    reading: Mutex<()>,
}

impl Affiliations {
    /// Knows none before it is first asked.
    pub fn new(store: Arc<dyn AffiliationStore>) -> Self {
        Self { store, known: ArcSwap::default(), reading: Mutex::new(()) }
    }

    /// What an account has, as a client may know it: nothing where it is not registered to hear of it.
    pub async fn held(&self, user: &User, client: &Client) -> StoreResult<Held> {
        let hears = [standard::GROUPS, standard::ROLES].iter().any(|scope| client.policy.scopes.contains(scope));
        if !hears || user.affiliations.is_empty() {
            return Ok(Held::default());
        }
        Ok(self.of_version(user.affiliations_version).await?.held(&user.affiliations, &client.id))
    }

    /// The catalogue of this version, or of a later one.
    async fn of_version(&self, version: i64) -> StoreResult<Arc<Catalogue>> {
        let known = self.known.load_full();
        if known.version == version {
            return Ok(known);
        }
        let _reading = self.reading.lock().await;
        let known = self.known.load_full();
        if known.version == version {
            return Ok(known);
        }
        let read = Arc::new(self.store.catalogue().await?);
        self.known.store(Arc::clone(&read));
        Ok(read)
    }
}

impl std::fmt::Debug for Affiliations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Affiliations").field("version", &self.known.load().version).finish_non_exhaustive()
    }
}
