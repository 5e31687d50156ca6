//! The client cache: what the hot paths know of clients, and of the APIs that they ask tokens for, without asking the store.
//!
//! Owns when what is cached still counts. Every node learns of a change by the store's revision, which [`ClientCache::poll`] reads
//! several times a second; a node that cannot read it for a while stops trusting what it remembers and asks the store each time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use quick_cache::sync::Cache;

use crate::model::Apis;
use crate::model::client::{Client, ClientId};
use crate::store::{ApiStore, ClientStore, RevisionStore, StoreResult};
use crate::support::Clock;

mod whole;

use whole::Whole;

/// How long what is cached counts after the revision was last seen.
const TRUSTED_FOR: Duration = Duration::from_secs(5);
/// The most clients that are kept at once.
const CAPACITY: usize = 10_000;

/// What is remembered, and the epoch in which it was read from the store.
#[derive(Clone)]
struct Remembered<T>(u64, T);

/// Finds clients, without the store where it can.
pub struct ClientCache {
    store: Arc<dyn ClientStore>,
    api_store: Arc<dyn ApiStore>,
    revisions: Arc<dyn RevisionStore>,
    clock: Arc<dyn Clock>,
    /// Ids that are no client's are remembered too: asking for one again and again costs, and takes, no more than for a real one.
    clients: Cache<ClientId, Remembered<Option<Arc<Client>>>>,
    /// The origins of every client that may be used: which pages may read answers before it is known who calls.
    origins: Arc<Whole<BTreeSet<String>>>,
    apis: Arc<Whole<Apis>>,
    /// Counts the changes that were noticed. An entry of an earlier epoch does not count: it may have been read before the change,
    /// and put here after it.
    epoch: AtomicU64,
    /// The revision seen last; `u64::MAX` before the first look.
    revision: AtomicU64,
    /// Until when entries count, in milliseconds.
    trusted_until: AtomicI64,
}

impl ClientCache {
    /// An empty cache, which trusts nothing before the first [`ClientCache::poll`].
    pub fn new(
        (store, api_store): (Arc<dyn ClientStore>, Arc<dyn ApiStore>),
        revisions: Arc<dyn RevisionStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            api_store,
            revisions,
            clock,
            clients: Cache::new(CAPACITY),
            origins: Arc::default(),
            apis: Arc::default(),
            epoch: AtomicU64::new(0),
            revision: AtomicU64::new(u64::MAX),
            trusted_until: AtomicI64::new(i64::MIN),
        }
    }

    /// Looks whether anything changed. Called four times a second, and by a caller that cannot wait that long.
    pub async fn poll(&self) -> StoreResult<()> {
        let asked_at = self.clock.now();
        let revision = self.revisions.revision().await?;
        if self.revision.swap(revision, Ordering::SeqCst) != revision {
            self.epoch.fetch_add(1, Ordering::SeqCst);
            self.clients.clear();
        }
        self.trusted_until.store(asked_at.plus(TRUSTED_FOR).millis(), Ordering::SeqCst);
        Ok(())
    }

    /// The client of this id; enabled or not.
    pub async fn find(&self, id: &str) -> StoreResult<Option<Arc<Client>>> {
        if let Some(client) = self.trusted().and_then(|epoch| fresh(self.clients.get(id), epoch)) {
            return Ok(client);
        }
        let Ok(id) = ClientId::parse(id) else { return Ok(None) };
        let epoch = self.epoch.load(Ordering::SeqCst);
        let client = self.store.find(&id).await?.map(Arc::new);
        self.clients.insert(id, Remembered(epoch, client.clone()));
        Ok(client)
    }

    /// Whether a page of this origin may call the endpoints on behalf of any client: what a CORS preflight, which names no client,
    /// is answered by.
    pub async fn any_allows_origin(&self, origin: &str) -> StoreResult<bool> {
        let reading = || {
            let store = Arc::clone(&self.store);
            async move { store.origins().await }
        };
        Ok(self.origins.get(self.now(), reading).await?.contains(origin))
    }

    /// The APIs that are declared.
    pub async fn apis(&self) -> StoreResult<Arc<Apis>> {
        let reading = || {
            let store = Arc::clone(&self.api_store);
            async move { store.all().await }
        };
        self.apis.get(self.now(), reading).await
    }

    /// The present epoch, and whether entries of it count.
    fn now(&self) -> (u64, bool) {
        (self.epoch.load(Ordering::SeqCst), self.trusted().is_some())
    }

    /// The present epoch, while entries count.
    fn trusted(&self) -> Option<u64> {
        let trusted = self.clock.now().millis() < self.trusted_until.load(Ordering::SeqCst);
        trusted.then(|| self.epoch.load(Ordering::SeqCst))
    }
}

fn fresh<T>(entry: Option<Remembered<T>>, epoch: u64) -> Option<T> {
    entry.filter(|remembered| remembered.0 == epoch).map(|remembered| remembered.1)
}

#[cfg(test)]
mod tests;
