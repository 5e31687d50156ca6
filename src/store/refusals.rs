//! Refused requests, as administrators look them up.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::NotedRefusal;

/// The most refusals that are kept of one registered client.
pub const KEPT_OF_CLIENT: u32 = 100;
/// The most that are kept of everything that no registered client is known of.
pub const KEPT_OF_STRANGERS: u32 = 200;

/// Keeps the last refusals of each client.
#[async_trait]
pub trait RefusalStore: Send + Sync {
    /// Adds refusals. Of each client, and of all strangers together, the newest stay: [`KEPT_OF_CLIENT`], [`KEPT_OF_STRANGERS`].
    async fn keep(&self, refusals: Vec<NotedRefusal>) -> StoreResult<()>;
    /// Refusals, the newest first: of one client, which need not be registered, or of all.
    async fn list(&self, client: Option<&str>, limit: u32) -> StoreResult<Vec<NotedRefusal>>;
}
