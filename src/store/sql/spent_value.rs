//! What must not be accepted again: used assertion ids and revoked access tokens.

use std::collections::HashSet;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::grant::digest;
use super::write::Write;
use super::{SqlStore, execute, query_one, rows};
use crate::store::{ReplayStore, RevokedTokenStore, StoreResult};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl ReplayStore for SqlStore {
    async fn first_use(&self, value: Digest, until: Timestamp, now: Timestamp) -> StoreResult<bool> {
        Ok(self.write(Write::UseValue(Use { value, until, now })).await?.happened())
    }
}

#[async_trait]
impl RevokedTokenStore for SqlStore {
    async fn revoke(&self, jti: Digest, until: Timestamp) -> StoreResult<()> {
        self.write(Write::RevokeToken(jti, until)).await.map(drop)
    }

    async fn is_revoked(&self, jti: Digest) -> StoreResult<bool> {
        let sql = "SELECT 1 AS revoked FROM revoked_tokens WHERE jti = $1";
        Ok(query_one(&self.read, sql, vec![jti.as_bytes().to_vec().into()]).await?.is_some())
    }
}

/// A value that is used now and must not be used again before `until`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) value: Digest,
    until: Timestamp,
    now: Timestamp,
}

/// Remembers values; answers with those that were not remembered, or whose time was over.
pub(super) async fn first_use<C: ConnectionTrait>(db: &C, uses: &[&Use]) -> Result<HashSet<Digest>, DbErr> {
    // A third column would have no place in the table, so what counts as over is the earliest present of the batch: it can only
    // refuse more.
    let Some(now) = uses.iter().map(|used| used.now.millis()).min() else { return Ok(HashSet::new()) };
    let values = uses.iter().map(|used| vec![used.value.as_bytes().to_vec().into(), used.until.millis().into()]);
    let sql = |list: &str| {
        format!(
            "INSERT INTO used_values (value, expires_at) {list} ON CONFLICT (value) DO UPDATE \
             SET expires_at = excluded.expires_at WHERE used_values.expires_at <= $1 RETURNING value"
        )
    };
    let read = |row: &QueryResult| {
        let bytes: Vec<u8> = row.try_get("", "value")?;
        digest(&bytes).map_err(|error| DbErr::Type(error.to_string()))
    };
    rows::for_all(db, vec![now.into()], values.collect(), sql).await?.iter().map(read).collect()
}

/// Remembers that a token is revoked, as long as whoever asked for the longest wants it.
pub(super) async fn revoke_token<C: ConnectionTrait>(db: &C, jti: Digest, until: Timestamp) -> Result<u64, DbErr> {
    let sql = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO UPDATE \
               SET expires_at = excluded.expires_at WHERE revoked_tokens.expires_at < excluded.expires_at";
    execute(db, sql, vec![jti.as_bytes().to_vec().into(), until.millis().into()]).await
}
