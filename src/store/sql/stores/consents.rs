//! Consents.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::model::user::User;
use crate::store::sql::statements::consent;
use crate::store::{ConsentStanding, ConsentStore, Page, StoreResult};
use crate::support::id::UserId;

#[async_trait]
impl ConsentStore for SqlStore {
    async fn standing(&self, user: UserId, client: &ClientId) -> StoreResult<ConsentStanding> {
        consent::standing(&self.read, user, client).await
    }

    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Consent>> {
        consent::of_user(&self.read, user).await
    }

    async fn of_client(
        &self,
        client: &ClientId,
        after: Option<UserId>,
        limit: u32,
    ) -> StoreResult<Page<(User, Consent)>> {
        consent::of_client(&self.read, client, after, limit).await
    }
}
