//! The client cache: what the hot paths know of clients without asking the store.
//!
//! Owns when a cached client still counts. Every node learns of a change by the store's revision, which [`ClientCache::poll`] reads
//! several times a second; a node that cannot read it for a while stops trusting what it remembers and asks the store each time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use quick_cache::sync::Cache;

use crate::model::client::{Client, ClientId};
use crate::store::{ClientStore, RevisionStore, StoreResult};
use crate::support::Clock;

mod origins;

use origins::Origins;

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
    revisions: Arc<dyn RevisionStore>,
    clock: Arc<dyn Clock>,
    /// Ids that are no client's are remembered too: asking for one again and again costs, and takes, no more than for a real one.
    clients: Cache<ClientId, Remembered<Option<Arc<Client>>>>,
    origins: Arc<Origins>,
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
    pub fn new(store: Arc<dyn ClientStore>, revisions: Arc<dyn RevisionStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            revisions,
            clock,
            clients: Cache::new(CAPACITY),
            origins: Arc::default(),
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
        let epoch = self.epoch.load(Ordering::SeqCst);
        let trusted = self.trusted().is_some();
        let known = self.origins.of(epoch).filter(|_| trusted);
        let origins = match known {
            Some(known) => known,
            None => self.origins.read(&self.store, epoch, trusted).await?,
        };
        Ok(origins.contains(origin))
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
