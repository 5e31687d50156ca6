//! Counters that forget.

use super::{RedisStore, async_trait, life, name};
use crate::store::{StoreError, StoreResult, ThrottleStore};
use crate::support::{Digest, Timestamp};
use std::time::Duration;

impl RedisStore {
    fn counter(&self, key: Digest) -> String {
        format!("{}t:{}", self.prefix, name(key))
    }
}

#[async_trait]
impl ThrottleStore for RedisStore {
    async fn hit(&self, key: Digest, window: Duration, now: Timestamp) -> StoreResult<u32> {
        let mut script = self.scripts.hit.key(self.counter(key));
        script.arg(now.millis()).arg(life(window));
        self.link.ask(script).await
    }

    async fn count(&self, key: Digest, now: Timestamp) -> StoreResult<u32> {
        let mut command = ::redis::cmd("GET");
        command.arg(self.counter(key));
        let found: Option<String> = self.link.ask(command).await?;
        found.map_or(Ok(0), |value| running(&value, now))
    }

    async fn reset(&self, key: Digest) -> StoreResult<()> {
        let mut command = ::redis::cmd("DEL");
        command.arg(self.counter(key));
        self.link.ask(command).await
    }
}

/// Reads "count end-of-window", as `hit.lua` writes it.
fn running(value: &str, now: Timestamp) -> StoreResult<u32> {
    let numbers = value.split_once(' ').and_then(|(count, ends)| Some((count.parse().ok()?, ends.parse().ok()?)));
    let (count, ends) = numbers.ok_or_else(|| StoreError::Corrupt("a counter in Redis".to_owned()))?;
    Ok(if Timestamp::from_millis(ends) > now { count } else { 0 })
}
