//! Links of accounts to identities at upstream providers.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::upstream_link::{UpstreamIdentity, UpstreamLink};
use crate::store::sql::statements::upstream_link;
use crate::store::{StoreResult, UpstreamLinkStore};
use crate::support::id::{ConnectionId, UserId};

#[async_trait]
impl UpstreamLinkStore for SqlStore {
    async fn find(&self, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>> {
        upstream_link::find(&self.read, identity).await
    }

    async fn of_user(&self, user: UserId) -> StoreResult<Vec<UpstreamLink>> {
        upstream_link::of_user(&self.read, user).await
    }

    async fn count(&self, connection: ConnectionId) -> StoreResult<u64> {
        upstream_link::count(&self.read, connection).await
    }
}
