//! Clients.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::client::{Client, ClientId};

/// Reads clients.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// The client of this id.
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>>;
    /// Clients by id, after `after`.
    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>>;
    /// Whether any enabled client has a redirect URI of this origin (CORS preflights do not name a client).
    async fn any_allows_origin(&self, origin: &str) -> StoreResult<bool>;
}
