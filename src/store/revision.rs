//! The revision of what nodes cache.

use async_trait::async_trait;

use super::StoreResult;

/// Counts the changes to what nodes cache.
#[async_trait]
pub trait RevisionStore: Send + Sync {
    /// A number that is higher after every commit which changed a client or an API. Sign-ups, consents and what else people do leave it as it is: what nodes
    /// cache has nothing of that. So do signing keys, whose ring has a version of its own.
    async fn revision(&self) -> StoreResult<u64>;
}
