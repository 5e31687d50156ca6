//! Keeping the database small.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::commit::write::Write;
use crate::store::sql::statements::{expired, server};
use crate::store::{Housekeeping, StoreResult};
use crate::support::Timestamp;

/// The most steps of one purge for each table: what is left waits for the next one.
const STEPS: u64 = 200;

#[async_trait]
impl Housekeeping for SqlStore {
    async fn purge(&self, now: Timestamp) -> StoreResult<u64> {
        let mut gone = 0;
        for table in expired::TABLES {
            for _ in 0..STEPS {
                let deleted = self.write(Write::Purge(table, now)).await?.rows();
                gone += deleted;
                if deleted < expired::STEP {
                    break;
                }
            }
        }
        Ok(gone)
    }

    async fn ping(&self) -> StoreResult<()> {
        server::ping(&self.read).await
    }
}
