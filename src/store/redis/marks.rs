//! How far the database is known to be committed, noted in Redis.

use std::sync::Arc;

use super::{LONGEST, RedisStore, Timestamp, async_trait, life, name};
use crate::store::{MarkStore, Noted, StoreError, StoreResult};
use crate::support::Digest;

/// The marks of the servers of one issuer: another server in the same Redis has its own.
pub struct RedisMarks {
    redis: Arc<RedisStore>,
    key: String,
}

impl RedisMarks {
    /// Notes in this Redis.
    pub fn of_issuer(issuer: &str, redis: Arc<RedisStore>) -> Self {
        let key = format!("{}m:{}", redis.prefix, name(Digest::of("mark", issuer.as_bytes())));
        Self { redis, key }
    }
}

#[async_trait]
impl MarkStore for RedisMarks {
    async fn noted(&self) -> StoreResult<Option<Noted>> {
        let mut command = ::redis::cmd("GET");
        command.arg(&self.key);
        let found: Option<String> = self.redis.link.ask(command).await?;
        found.as_deref().map(read).transpose()
    }

    async fn note(&self, noted: &Noted) -> StoreResult<()> {
        let mut script = self.redis.scripts.note.key(self.key.as_str());
        script.arg(&noted.instance).arg(noted.mark).arg(written(Some(noted))).arg(life(LONGEST));
        self.redis.link.ask(script).await
    }

    async fn fall_back(&self, from: &Noted, to: Option<&Noted>) -> StoreResult<bool> {
        let mut script = self.redis.scripts.fall_back.key(self.key.as_str());
        script.arg(written(Some(from))).arg(written(to)).arg(life(LONGEST));
        self.redis.link.ask(script).await
    }
}

/// A state as Redis holds it; nothing for none.
fn written(noted: Option<&Noted>) -> String {
    noted.map_or_else(String::new, |noted| format!("{} {} {}", noted.mark, noted.at.millis(), noted.instance))
}

fn read(text: &str) -> StoreResult<Noted> {
    let mut parts = text.splitn(3, ' ');
    let mut next = || parts.next().ok_or_else(corrupt);
    let (mark, at, instance) = (next()?, next()?, next()?);
    Ok(Noted {
        instance: instance.to_owned(),
        mark: mark.parse().map_err(|_| corrupt())?,
        at: Timestamp::from_millis(at.parse().map_err(|_| corrupt())?),
    })
}

fn corrupt() -> StoreError {
    StoreError::Corrupt("a mark in Redis".to_owned())
}
