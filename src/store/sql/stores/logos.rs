//! Logos: the pictures themselves.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::logo::LogoId;
use crate::store::sql::statements::logo;
use crate::store::{LogoStore, StoreResult};

#[async_trait]
impl LogoStore for SqlStore {
    async fn logo(&self, id: LogoId) -> StoreResult<Option<Vec<u8>>> {
        logo::find(&self.read, id).await
    }
}
