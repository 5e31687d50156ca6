//! The revision of what nodes cache.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::server;
use crate::store::{RevisionStore, StoreResult};

#[async_trait]
impl RevisionStore for SqlStore {
    async fn revision(&self) -> StoreResult<u64> {
        server::revision(&self.read).await
    }
}
