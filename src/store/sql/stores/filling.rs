//! Filling a database that is as good as empty.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::db::bulk::BulkTransaction;
use crate::store::sql::statements::filling::{IS_USED, TABLES, advance, rows_of};
use crate::store::{Batch, Filler, Filling, SealedChain, StoreResult};

/// A transaction under way.
struct Begun {
    transaction: BulkTransaction,
    /// What makes the indexes again that were taken away.
    indexes: Vec<String>,
}

#[async_trait]
impl Filler for SqlStore {
    async fn begin(&self) -> StoreResult<Option<Box<dyn Filling>>> {
        let mut transaction = BulkTransaction::begin(&self.write).await?;
        transaction.take(&TABLES).await?;
        if transaction.says(IS_USED).await? {
            transaction.roll_back().await?;
            return Ok(None);
        }
        let indexes = transaction.drop_indexes(&TABLES).await?;
        Ok(Some(Box::new(Begun { transaction, indexes })))
    }
}

#[async_trait]
impl Filling for Begun {
    async fn add(&mut self, batch: Batch) -> StoreResult<()> {
        for rows in rows_of(&batch)? {
            if !rows.rows.is_empty() {
                self.transaction.write(rows).await?;
            }
        }
        Ok(())
    }

    async fn commit(self: Box<Self>, was: &SealedChain, is: &SealedChain) -> StoreResult<bool> {
        let Self { mut transaction, indexes } = *self;
        if !advance(&mut transaction, was, is).await? {
            transaction.roll_back().await?;
            return Ok(false);
        }
        for definition in &indexes {
            transaction.run(definition, vec![]).await?;
        }
        transaction.measure(&TABLES).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
