//! Units of work.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::commit::unit_of_work::CommitUnit;
use crate::store::{Change, StoreResult, UnitOfWork};

#[async_trait]
impl UnitOfWork for SqlStore {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.write(CommitUnit(changes)).await
    }
}
