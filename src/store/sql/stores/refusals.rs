//! Refused requests.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::NotedRefusal;
use crate::model::refusal::KeptRefusal;
use crate::store::sql::statements::refusal::{self, KeepRefusals};
use crate::store::{RefusalStore, StoreResult};

#[async_trait]
impl RefusalStore for SqlStore {
    async fn keep(&self, refusals: Vec<NotedRefusal>) -> StoreResult<()> {
        for write in KeepRefusals::by_owner(refusals) {
            self.write(write).await?;
        }
        Ok(())
    }

    async fn list(&self, client: Option<&str>, limit: u32) -> StoreResult<Vec<KeptRefusal>> {
        refusal::list(&self.read, client, limit).await
    }
}
