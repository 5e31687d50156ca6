//! What the house asks of its storage about upstream providers.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::connection::{Connection, Slug};
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink};
use crate::support::id::{ConnectionId, UserId};

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

/// Reads who is who at upstream providers.
#[async_trait]
pub trait UpstreamLinkStore: Send + Sync {
    /// The link of an identity.
    async fn find(&self, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>>;
    /// The links of a person, the oldest first, at most 200.
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<UpstreamLink>>;
    /// How many people are linked through a connection.
    async fn count(&self, connection: ConnectionId) -> StoreResult<u64>;
}
