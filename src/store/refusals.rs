//! Refused requests, as administrators look them up.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::NotedRefusal;
use crate::model::refusal::KeptRefusal;

/// The most refusals that are kept of one registered client.
pub const KEPT_OF_CLIENT: u32 = 100;
/// The most of them that are of one kind: examples, as any caller that knows the client's id can cause so many as there are values.
pub const EXAMPLES_OF_CLIENT: u32 = 5;
/// The most that are kept of everything that no registered client is known of.
pub const KEPT_OF_STRANGERS: u32 = 200;

/// Keeps the last refusals of each client. Those that say the same are kept once and counted. No kind is pushed out by others as long as there are fewer
/// kinds than places: the second example of one goes before the only one of another.
#[async_trait]
pub trait RefusalStore: Send + Sync {
    /// Adds refusals. Of each kind the newest stay, as many as there is room for: [`KEPT_OF_CLIENT`] and [`EXAMPLES_OF_CLIENT`] for each client,
    /// [`KEPT_OF_STRANGERS`] for all strangers together.
    async fn keep(&self, refusals: Vec<NotedRefusal>) -> StoreResult<()>;
    /// Refusals, the newest first: of one client, which need not be registered, or of all. Where there are more than `limit`, each kind of each client
    /// has its newest among them before any has another.
    async fn list(&self, client: Option<&str>, limit: u32) -> StoreResult<Vec<KeptRefusal>>;
}
