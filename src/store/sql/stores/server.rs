//! Whose database it is.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::epoch::Epoch;
use crate::store::sql::db::migrate;
use crate::store::sql::statements::server::{self, Adopt, CountMark};
use crate::store::{Adoption, ServerIdentity, ServerStore, StoreResult};

impl SqlStore {
    /// What the database says of itself; `None` where its schema is not yet one that can say it.
    pub async fn identity_if_said(&self) -> StoreResult<Option<ServerIdentity>> {
        if migrate::says_whose(&self.read).await? { server::identity(&self.read).await.map(Some) } else { Ok(None) }
    }
}

#[async_trait]
impl ServerStore for SqlStore {
    async fn identity(&self) -> StoreResult<ServerIdentity> {
        server::identity(&self.read).await
    }

    async fn adopt(&self, adoption: Adoption) -> StoreResult<ServerIdentity> {
        self.write(Adopt(adoption)).await
    }

    async fn epoch(&self) -> StoreResult<Epoch> {
        server::epoch(&self.read).await
    }

    async fn mark(&self, noted: u64) -> StoreResult<ServerIdentity> {
        // Counting there is part of each transaction.
        if self.is_sqlite() { self.identity().await } else { self.write(CountMark { noted }).await }
    }
}
