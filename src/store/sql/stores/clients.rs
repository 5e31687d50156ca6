//! Clients.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::client::{Client, ClientId};
use crate::store::sql::statements::client;
use crate::store::{ClientStore, Page, StoreResult};

#[async_trait]
impl ClientStore for SqlStore {
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        client::find(&self.read, id).await
    }

    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>> {
        client::list(&self.read, after, limit).await
    }

    async fn any_allows_origin(&self, origin: &str) -> StoreResult<bool> {
        client::any_allows_origin(&self.read, origin).await
    }
}
