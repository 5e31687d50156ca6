//! The database's clock.

use async_trait::async_trait;

use super::StoreResult;
use crate::support::Timestamp;

/// The clock that all nodes can see: see [`crate::support::shared_clock`].
#[async_trait]
pub trait DatabaseClock: Send + Sync {
    /// The time by the database's own clock.
    async fn shows(&self) -> StoreResult<Timestamp>;
}
