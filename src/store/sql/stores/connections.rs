//! Connections to upstream providers.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::connection::{Connection, Slug};
use crate::store::sql::statements::connection;
use crate::store::{ConnectionStore, StoreResult};
use crate::support::id::ConnectionId;

#[async_trait]
impl ConnectionStore for SqlStore {
    async fn find(&self, id: ConnectionId) -> StoreResult<Option<Connection>> {
        connection::find(&self.read, id).await
    }

    async fn find_by_slug(&self, slug: &Slug) -> StoreResult<Option<Connection>> {
        connection::find_by_slug(&self.read, slug).await
    }

    async fn all(&self) -> StoreResult<Vec<Connection>> {
        connection::all(&self.read).await
    }
}
