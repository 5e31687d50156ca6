//! Links of accounts to identities at upstream providers.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink};
use crate::support::id::{ConnectionId, UserId};

/// Reads who is who at upstream providers.
#[async_trait]
pub trait UpstreamLinkStore: Send + Sync {
    /// The link of an identity.
    async fn find(&self, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>>;
    /// The links of an account, the oldest first, at most 200.
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<UpstreamLink>>;
    /// How many accounts are linked through a connection.
    async fn count(&self, connection: ConnectionId) -> StoreResult<u64>;
}
