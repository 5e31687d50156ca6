//! Connections to upstream providers.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::connection::{Connection, Slug};
use crate::support::id::ConnectionId;

/// Reads connections to upstream providers.
#[async_trait]
pub trait ConnectionStore: Send + Sync {
    /// The connection of this id.
    async fn find(&self, id: ConnectionId) -> StoreResult<Option<Connection>>;
    /// The connection of this slug.
    async fn find_by_slug(&self, slug: &Slug) -> StoreResult<Option<Connection>>;
    /// Every connection in the order of the buttons, at most 200.
    async fn all(&self) -> StoreResult<Vec<Connection>>;
}
