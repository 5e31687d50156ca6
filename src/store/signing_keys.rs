//! The signing keys.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::signing_key::SigningKeyRecord;

/// The signing keys of all nodes.
#[async_trait]
pub trait SigningKeyStore: Send + Sync {
    /// Every key, and the version of the ring they make.
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)>;
    /// Replaces the whole ring if its version is still `expected` (`Stale` otherwise): when several nodes rotate, one wins.
    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>) -> StoreResult<()>;
}
