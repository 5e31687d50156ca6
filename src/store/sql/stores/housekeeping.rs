//! Keeping the database small.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::expired::{self, Purge};
use crate::store::sql::statements::server;
use crate::store::{Housekeeping, StoreResult};
use crate::support::Timestamp;

/// The most steps of one purge for each table: what is left waits for the next one.
const STEPS: u64 = 200;

#[async_trait]
impl Housekeeping for SqlStore {
    async fn purge(&self, now: Timestamp) -> StoreResult<u64> {
        let mut gone = 0;
        for expiring in expired::TABLES {
            for _ in 0..STEPS {
                let deleted = self.write(Purge { expiring, now }).await?;
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
