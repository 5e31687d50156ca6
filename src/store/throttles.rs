//! Throttling counters.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreResult;
use crate::support::{Digest, Timestamp};

/// Counters that forget: throttling.
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Counts one more event under `key` and answers how many there were in the window that began with the first of them.
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32>;
    /// How many events the running window holds.
    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32>;
    /// When the running window ends; `None` where none runs.
    async fn ends(&self, key: Digest, now: Timestamp) -> StoreResult<Option<Timestamp>>;
    /// Forgets a counter.
    async fn reset(&self, key: Digest) -> StoreResult<()>;
}
