//! The APIs that are declared.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::Apis;
use crate::store::sql::statements::api;
use crate::store::{ApiStore, StoreResult};

#[async_trait]
impl ApiStore for SqlStore {
    async fn all(&self) -> StoreResult<Apis> {
        api::all(&self.read).await
    }
}
