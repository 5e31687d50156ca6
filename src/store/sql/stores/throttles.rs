//! Throttling counters, where no Redis is configured.

use std::time::Duration;

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::commit::write::Write;
use crate::store::sql::statements::throttle;
use crate::store::{StoreResult, ThrottleStore};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl ThrottleStore for SqlStore {
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32> {
        let hits = self.write(Write::Hit(key, now, now.plus(window))).await?.rows();
        Ok(u32::try_from(hits).unwrap_or(u32::MAX))
    }

    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32> {
        throttle::count(&self.read, key, now).await
    }

    async fn reset(&self, key: Digest) -> StoreResult<()> {
        self.write(Write::ResetThrottle(key)).await.map(drop)
    }
}
