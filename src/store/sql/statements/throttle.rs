//! Throttling counters, where no Redis is configured.

use sea_orm::ConnectionTrait;

use super::write::{Key, Single};
use crate::store::StoreResult;
use crate::store::sql::db::codec::{bytes, corrupt};
use crate::store::sql::db::{execute, query_one};
use crate::support::{Digest, Timestamp};

/// How many events the running window holds.
pub(crate) async fn count<C: ConnectionTrait>(db: &C, key: Digest, now: Timestamp) -> StoreResult<u32> {
    let sql = "SELECT hits FROM throttles WHERE key = $1 AND expires_at > $2";
    let Some(row) = query_one(db, sql, vec![bytes(key), now.millis().into()]).await? else { return Ok(0) };
    let hits: i64 = row.try_get("", "hits")?;
    Ok(u32::try_from(hits).unwrap_or(u32::MAX))
}

/// When the running window ends.
pub(crate) async fn ends<C: ConnectionTrait>(db: &C, key: Digest, now: Timestamp) -> StoreResult<Option<Timestamp>> {
    let sql = "SELECT expires_at FROM throttles WHERE key = $1 AND expires_at > $2";
    let row = query_one(db, sql, vec![bytes(key), now.millis().into()]).await?;
    Ok(row.map(|row| row.try_get("", "expires_at")).transpose()?.map(Timestamp::from_millis))
}

/// Counts one more event; answers how many the window holds, which began with the first of them.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) key: Digest,
    pub(crate) now: Timestamp,
    /// When a window that begins now ends.
    pub(crate) end: Timestamp,
}

impl Single for Hit {
    type Output = u32;

    fn key(&self) -> Option<Key> {
        Some(self.key.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<u32> {
        let sql = "INSERT INTO throttles (key, hits, expires_at) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET \
                   hits = CASE WHEN throttles.expires_at <= $3 THEN 1 ELSE throttles.hits + 1 END, expires_at = \
                   CASE WHEN throttles.expires_at <= $3 THEN excluded.expires_at ELSE throttles.expires_at END \
                   RETURNING hits";
        let values = vec![bytes(self.key), self.end.millis().into(), self.now.millis().into()];
        let row = query_one(db, sql, values).await?;
        let hits: i64 = row.ok_or_else(|| corrupt("a counter that was not written"))?.try_get("", "hits")?;
        let hits = u64::try_from(hits).map_err(|_| corrupt("a negative counter"))?;
        Ok(u32::try_from(hits).unwrap_or(u32::MAX))
    }
}

/// Forgets a counter.
#[derive(Debug)]
pub(crate) struct ResetThrottle(pub(crate) Digest);

impl Single for ResetThrottle {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(self.0.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        execute(db, "DELETE FROM throttles WHERE key = $1", vec![bytes(self.0)]).await?;
        Ok(())
    }
}
