//! Key rings to test with: a store in memory, a clock to turn, and RSA keys that are made once for all tests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use haechi::config::keys::KeysConfig;
use haechi::keys::{KeyEncryptionKey, KeyError, KeyRing, KeyTimes};
use haechi::model::client::SigningAlgorithm;
use haechi::model::signing_key::SigningKeyRecord;
use haechi::store::{Change, Conflict, SigningKeyStore, StoreError, StoreResult};
use haechi::support::{Digest, ManualClock, SeededRandom, Timestamp};
use tokio::sync::OnceCell;

/// As `openssl genpkey -algorithm ed25519` writes one, without the public half: the key of RFC 8410 section 10.3.
pub const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

/// The ring of all nodes of a test, in memory, and which keys it refuses.
#[derive(Default)]
pub struct MemoryKeys(Mutex<(u64, Vec<SigningKeyRecord>)>, Mutex<Vec<Digest>>);

impl MemoryKeys {
    pub fn holding(records: Vec<SigningKeyRecord>) -> Arc<Self> {
        Arc::new(Self(Mutex::new((u64::from(!records.is_empty()), records)), Mutex::default()))
    }

    pub fn records(&self) -> Vec<SigningKeyRecord> {
        self.0.lock().unwrap().1.clone()
    }

    /// Changes what is stored behind everybody's back.
    pub fn meddle(&self, change: impl FnOnce(&mut Vec<SigningKeyRecord>)) {
        let mut ring = self.0.lock().unwrap();
        change(&mut ring.1);
        ring.0 += 1;
    }
}

#[async_trait]
impl SigningKeyStore for MemoryKeys {
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>, along: Vec<Change>) -> StoreResult<()> {
        let mut ring = self.0.lock().unwrap();
        if ring.0 != expected {
            return Err(StoreError::Conflict(Conflict::Stale));
        }
        *ring = (expected + 1, keys);
        let refused = along.into_iter().filter_map(|change| match change {
            Change::RefuseKey { key, .. } => Some(key),
            _ => None,
        });
        self.1.lock().unwrap().extend(refused);
        Ok(())
    }

    async fn is_refused(&self, key: Digest) -> StoreResult<bool> {
        Ok(self.1.lock().unwrap().contains(&key))
    }
}

/// When the tests' clocks start.
pub const START: Timestamp = Timestamp::from_seconds(1_750_000_000);

pub fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::from_bytes([7; 32])
}

/// How long sessions last in tests of keys.
pub const LONGEST_SESSION: Duration = Duration::from_hours(24 * 30);

/// The times of a ring.
pub fn times(config: &KeysConfig) -> KeyTimes<'_> {
    KeyTimes { config, longest_session: LONGEST_SESSION }
}

/// A node: its ring, the store it shares with others, its clock.
pub struct Node {
    pub ring: Arc<KeyRing>,
    pub store: Arc<MemoryKeys>,
    pub clock: Arc<ManualClock>,
}

/// A node on this store.
pub async fn open(store: Arc<MemoryKeys>, clock: Arc<ManualClock>, config: &KeysConfig) -> Result<Node, KeyError> {
    // Two nodes with the same chance would make the same key ids.
    static SEED: AtomicU64 = AtomicU64::new(0);
    let random = Arc::new(SeededRandom::new(SEED.fetch_add(1, Ordering::Relaxed)));
    let ring = KeyRing::open(store.clone(), &kek(), times(config), clock.clone(), random).await?;
    Ok(Node { ring, store, clock })
}

/// The settings of a ring that holds a key of every algorithm.
fn every_algorithm() -> KeysConfig {
    KeysConfig { algorithms: SigningAlgorithm::ALL.to_vec(), ..KeysConfig::default() }
}

/// The keys that a server has whose settings are the usual ones.
pub async fn usual_records() -> Vec<SigningKeyRecord> {
    let usual = KeysConfig::default().algorithms;
    node().await.store.records().into_iter().filter(|record| usual.contains(&record.algorithm)).collect()
}

/// A node with an active key of every algorithm, on a store of its own.
pub async fn node() -> Node {
    static MADE: OnceCell<Vec<SigningKeyRecord>> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let node =
            open(MemoryKeys::holding(vec![]), Arc::new(ManualClock::new(START)), &every_algorithm()).await.unwrap();
        node.ring.tend().await.unwrap();
        node.store.records()
    });
    let store = MemoryKeys::holding(made.await.clone());
    open(store, Arc::new(ManualClock::new(START)), &every_algorithm()).await.unwrap()
}

/// Another node on the same store.
pub async fn reopen(node: &Node) -> Result<Node, KeyError> {
    open(node.store.clone(), node.clock.clone(), &every_algorithm()).await
}
