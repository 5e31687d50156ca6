//! What administrators decided for the whole server.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::policy::Policy;
use crate::store::sql::statements::policy;
use crate::store::{PolicyStore, StoreResult};

#[async_trait]
impl PolicyStore for SqlStore {
    async fn policy(&self) -> StoreResult<Policy> {
        policy::find(&self.read).await
    }

    async fn version(&self) -> StoreResult<i64> {
        policy::version(&self.read).await
    }
}
