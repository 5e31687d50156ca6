//! Keeping the database small.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::ending::Sweep;
use crate::store::sql::statements::expired::{self, Purge, STEP};
use crate::store::sql::statements::grant::{PurgeGrants, first_due};
use crate::store::sql::statements::server::{self, ProveWritable};
use crate::store::sql::statements::write::Mergeable;
use crate::store::{Housekeeping, StoreResult};
use crate::support::Timestamp;

/// The most steps of one sweep for each table: what is left waits for the next one.
const STEPS: u64 = 200;

impl SqlStore {
    /// Deletes step by step, until a step finds less than it may delete; answers how many rows went.
    pub(super) async fn sweep<W: Mergeable<Output = u64>>(&self, step: impl Fn() -> W) -> StoreResult<u64> {
        let mut gone = 0;
        for _ in 0..STEPS {
            let deleted = self.write(step()).await?;
            gone += deleted;
            if deleted < STEP {
                break;
            }
        }
        Ok(gone)
    }
}

#[async_trait]
impl Housekeeping for SqlStore {
    async fn purge(&self, now: Timestamp) -> StoreResult<u64> {
        let mut gone = self.sweep(|| PurgeGrants { now }).await?;
        for expiring in expired::TABLES {
            gone += self.sweep(|| Purge { expiring, now }).await?;
        }
        for _ in 0..STEPS {
            match self.write(Sweep).await? {
                Some(swept) => gone += swept,
                None => break,
            }
        }
        Ok(gone)
    }

    async fn oldest_expired(&self, now: Timestamp) -> StoreResult<Option<Timestamp>> {
        let (grants, others) = (first_due(&self.read, now).await?, expired::oldest(&self.read, now).await?);
        Ok(grants.into_iter().chain(others).min())
    }

    async fn ping(&self) -> StoreResult<()> {
        server::ping(&self.read).await
    }

    async fn prove_writable(&self, now: Timestamp) -> StoreResult<()> {
        self.write(ProveWritable { now }).await
    }
}
