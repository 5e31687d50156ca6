//! Keeping the store small.

use async_trait::async_trait;

use super::StoreResult;
use crate::support::Timestamp;

/// Keeps the store small.
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Deletes rows that have expired, and those that an end left dead, a bounded number at a time; says how many went.
    async fn purge(&self, now: Timestamp) -> StoreResult<u64>;
    /// When that expired which has waited longest for a purge; `None` where nothing waits.
    async fn oldest_expired(&self, now: Timestamp) -> StoreResult<Option<Timestamp>>;
    /// Whether the store answers.
    async fn ping(&self) -> StoreResult<()>;
    /// Whether the store writes: commits something that means nothing.
    async fn prove_writable(&self, now: Timestamp) -> StoreResult<()>;
}
