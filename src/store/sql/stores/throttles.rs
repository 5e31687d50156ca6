//! Throttling counters, where no Redis is configured.

use std::time::Duration;

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::throttle::{self, Hit, ResetThrottle};
use crate::store::{StoreResult, ThrottleStore};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl ThrottleStore for SqlStore {
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32> {
        self.write(Hit { key, now, end: now.plus(window) }).await
    }

    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32> {
        throttle::count(&self.read, key, now).await
    }

    async fn ends(&self, key: Digest, now: Timestamp) -> StoreResult<Option<Timestamp>> {
        throttle::ends(&self.read, key, now).await
    }

    async fn reset(&self, key: Digest) -> StoreResult<()> {
        self.write(ResetThrottle(key)).await
    }
}
