//! Units of work.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::commit::write::Write;
use crate::store::{Change, StoreResult, UnitOfWork};

#[async_trait]
impl UnitOfWork for SqlStore {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.write(Write::Unit(changes)).await.map(drop)
    }
}
