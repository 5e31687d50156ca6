//! Groups and roles in apps, and who has which.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::User;
use crate::model::affiliation::Catalogue;
use crate::store::sql::statements::{affiliation, user};
use crate::store::{AffiliationStore, Page, StoreResult};
use crate::support::id::{AffiliationId, UserId};

#[async_trait]
impl AffiliationStore for SqlStore {
    async fn catalogue(&self) -> StoreResult<Catalogue> {
        affiliation::catalogue(&self.read).await
    }

    async fn members(&self, of: AffiliationId, after: Option<UserId>, limit: u32) -> StoreResult<Page<User>> {
        user::members(&self.read, of, after, limit).await
    }
}
