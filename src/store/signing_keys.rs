//! The signing keys.

use async_trait::async_trait;

use super::{Change, StoreResult};
use crate::model::signing_key::SigningKeyRecord;
use crate::support::Digest;

/// The signing keys of all nodes.
#[async_trait]
pub trait SigningKeyStore: Send + Sync {
    /// Every key, and the version of the ring they make.
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)>;
    /// Replaces the whole ring if its version is still `expected` (`Stale` otherwise): when several nodes rotate, one wins. What goes along is made with it, or
    /// neither is: whoever asks for it must still be allowed to, and the audit log says so.
    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>, along: Vec<Change>) -> StoreResult<()>;
    /// Whether a key is refused for good, by the digest that [`Change::RefuseKey`] was given.
    async fn is_refused(&self, key: Digest) -> StoreResult<bool>;
}
