//! Clients.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::client::{Client, ClientId, SeenLogin};
use crate::model::epoch::Epoch;
use crate::store::sql::statements::client::{self, NoteLogins};
use crate::store::sql::statements::{client_search, origin};
use crate::store::{ClientOrder, ClientStore, Page, StoreResult};

#[async_trait]
impl ClientStore for SqlStore {
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        client::find(&self.read, id).await
    }

    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>> {
        client::list(&self.read, after, limit).await
    }

    async fn search(&self, text: Option<&str>, order: &ClientOrder, limit: u32) -> StoreResult<Page<Client>> {
        client_search::search(&self.read, text, order, limit).await
    }

    async fn with_origin(&self, origin: &str) -> StoreResult<Option<ClientId>> {
        origin::client_of(&self.read, origin).await
    }

    async fn note_logins(&self, id: &ClientId, epoch: Epoch, logins: &[SeenLogin]) -> StoreResult<()> {
        let newest = &logins[logins.len().saturating_sub(SeenLogin::REMEMBERED)..];
        self.write(NoteLogins { id: id.clone(), epoch, logins: newest.to_vec() }).await
    }

    async fn seen_logins(&self, id: &ClientId) -> StoreResult<Vec<SeenLogin>> {
        client::seen_logins(&self.read, id).await
    }
}
