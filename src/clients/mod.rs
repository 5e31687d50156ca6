//! The client cache: what the hot paths know of clients, and of the APIs that they ask tokens for, without asking the store.
//!
//! Owns when what is cached still counts. Every node learns of a change by the store's revision, which [`ClientCache::poll`] reads
//! several times a second; a node that cannot read it for a while stops trusting what it remembers and asks the store each time.

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
/// The most clients that are kept at once, and the most origins of either kind.
const CAPACITY: usize = 10_000;
/// The longest origin that is looked for: a scheme, a host name of 253 characters, a port.
const LONGEST_ORIGIN: usize = 270;

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
    /// Origins that a client has, with one that has it. That is asked of the client itself each time, so no change makes these worthless.
    origins: Cache<String, ClientId>,
    /// Origins that no client had, in which epoch. Strangers fill this, so it is apart from what is of value.
    nobodys: Cache<String, u64>,
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
            origins: Cache::new(CAPACITY),
            nobodys: Cache::new(CAPACITY),
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
    /// is answered by. Costs one look-up where it is not known, however many clients there are.
    pub async fn any_allows_origin(&self, origin: &str) -> StoreResult<bool> {
        if origin.len() > LONGEST_ORIGIN {
            return Ok(false);
        }
        if let Some(id) = self.origins.get(origin) {
            let client = self.find(id.as_str()).await?;
            if client.is_some_and(|client| client.enabled && client.allows_origin(origin)) {
                return Ok(true);
            }
            self.origins.remove(origin);
        }
        if self.trusted().is_some_and(|epoch| self.nobodys.get(origin) == Some(epoch)) {
            return Ok(false);
        }
        let epoch = self.epoch.load(Ordering::SeqCst);
        let found = self.store.with_origin(origin).await?;
        match &found {
            Some(id) => self.origins.insert(origin.to_owned(), id.clone()),
            None => self.nobodys.insert(origin.to_owned(), epoch),
        }
        Ok(found.is_some())
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
