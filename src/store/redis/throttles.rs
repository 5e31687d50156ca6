//! Counters that forget.

use super::{RedisStore, async_trait, life, name};
use crate::store::{StoreError, StoreResult, ThrottleStore};
use crate::support::{Digest, Timestamp};
use std::time::Duration;

impl RedisStore {
    fn counter(&self, key: Digest) -> String {
        format!("{}t:{}", self.prefix, name(key))
    }

    /// What the running window holds, and when it ends.
    async fn running(&self, key: Digest, now: Timestamp) -> StoreResult<Option<(u32, Timestamp)>> {
        let mut command = ::redis::cmd("GET");
        command.arg(self.counter(key));
        let found: Option<String> = self.link.ask(command).await?;
        Ok(found.as_deref().map(read).transpose()?.filter(|(_, ends)| *ends > now))
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
        Ok(self.running(key, now).await?.map_or(0, |(count, _)| count))
    }

    async fn ends(&self, key: Digest, now: Timestamp) -> StoreResult<Option<Timestamp>> {
        Ok(self.running(key, now).await?.map(|(_, ends)| ends))
    }

    async fn reset(&self, key: Digest) -> StoreResult<()> {
        let mut command = ::redis::cmd("DEL");
        command.arg(self.counter(key));
        self.link.ask(command).await
    }
}

/// Reads "count end-of-window", as `hit.lua` writes it.
fn read(value: &str) -> StoreResult<(u32, Timestamp)> {
    let numbers = value.split_once(' ').and_then(|(count, ends)| Some((count.parse().ok()?, ends.parse().ok()?)));
    let (count, ends) = numbers.ok_or_else(|| StoreError::Corrupt("a counter in Redis".to_owned()))?;
    Ok((count, Timestamp::from_millis(ends)))
}
