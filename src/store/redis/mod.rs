//! Passing state in Redis: sealed records and throttling counters.
//!
//! Owns the names and the layout of what is in Redis, and the connection to it. Leaves what must not be lost to `sql`: Redis may come
//! back empty, or with less than it had, and then end-users sign in again and counters start again. So nothing here may be what makes
//! a code or a token single-use.
//!
//! Every operation is one command or one script, hence one round trip and atomic. Names, after the configured prefix:
//! `{session}r:<digest>` holds a record and `{session}o:<owner>` is the sorted set of its owner's records by expiry; `t:<digest>` is a
//! counter, and `m:<digest>` how far the database of an issuer is committed. The part in braces is the hash tag that puts what one
//! script touches on one node of a Redis Cluster. Every key has a time to live. Redis 6.2 or later, or Valkey.

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use self::link::Link;
use self::scripts::Scripts;
use super::{StoreError, StoreResult};
use crate::config;
use crate::support::{Digest, Timestamp};

mod link;
mod marks;
mod records;
mod scripts;
mod throttles;
mod value;

pub use marks::RedisMarks;

/// Nothing lives longer, whatever was asked: a time to live must not overflow, and a stray key must go some day.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

/// Redis, as the layers above know it.
pub struct RedisStore {
    link: Link,
    scripts: Scripts,
    prefix: String,
}

impl RedisStore {
    /// A store that connects when it is first used, so that a start does not wait for Redis. Fails only where the
    /// configuration makes no sense.
    #[allow(clippy::unused_async, reason = "every store is connected alike")]
    pub async fn connect(config: &config::redis::RedisConfig) -> StoreResult<Self> {
        Ok(Self { link: Link::new(config)?, scripts: Scripts::new(), prefix: config.key_prefix.clone() })
    }

    /// What Redis deletes when its memory is full; `None` where it does not say, or not to this user.
    pub async fn eviction_policy(&self) -> Option<String> {
        let mut info = ::redis::cmd("INFO");
        info.arg("memory");
        let memory: String = self.link.ask(info).await.ok()?;
        memory.lines().find_map(|line| line.strip_prefix("maxmemory_policy:")).map(|policy| policy.trim().to_owned())
    }

    /// The time by Redis's own clock. Nothing goes by it: what Redis keeps, it keeps for a span.
    pub async fn time(&self) -> StoreResult<Timestamp> {
        let (seconds, micros): (i64, i64) = self.link.ask(::redis::cmd("TIME")).await?;
        Ok(Timestamp::from_millis(seconds.saturating_mul(1000).saturating_add(micros / 1000)))
    }

    async fn ask_whether_it_answers(&self) -> StoreResult<()> {
        self.link.ask(::redis::cmd("PING")).await
    }
}

/// A digest as the names in Redis write it.
fn name(digest: Digest) -> String {
    URL_SAFE_NO_PAD.encode(digest.as_bytes())
}

/// The digest that a name in Redis stands for.
fn digest(name: &str) -> StoreResult<Digest> {
    let bytes = URL_SAFE_NO_PAD.decode(name).ok();
    bytes.and_then(|bytes| Digest::from_slice(&bytes)).ok_or_else(|| StoreError::Corrupt("a name in Redis".to_owned()))
}

/// A life in whole milliseconds, as Redis takes it.
fn life(span: Duration) -> u64 {
    u64::try_from(span.min(LONGEST).as_millis()).unwrap_or(u64::MAX).max(1)
}
