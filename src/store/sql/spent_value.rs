//! What must not be accepted again: used assertion ids and revoked access tokens.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::grant::digest;
use super::rows::{self, Changed, Learn, Rows};
use super::write::Write;
use super::{SqlStore, execute};
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
        self.lookups.is_revoked(jti).await
    }
}

/// A value that is used now and must not be used again before `until`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) value: Digest,
    until: Timestamp,
    now: Timestamp,
}

/// Remembers values that were not remembered, or whose time was over.
pub(super) async fn first_use<C: ConnectionTrait>(db: &C, learn: Learn, uses: &[&Use]) -> Result<Changed, DbErr> {
    // The table has no column for the present, so what counts as over is the earliest one of the batch: it can only refuse more.
    let now = uses.iter().map(|used| used.now.millis()).min();
    let rows = uses.iter().map(|used| vec![used.value.as_bytes().to_vec().into(), used.until.millis().into()]);
    let rows = Rows { common: Some(now.into()), ..Rows::new(rows) };
    rows::change(db, learn, rows, "value", |list, now| {
        format!(
            "INSERT INTO used_values (value, expires_at) SELECT * FROM ({list}) AS used WHERE column1 IS NOT NULL \
             ON CONFLICT (value) DO UPDATE SET expires_at = excluded.expires_at WHERE used_values.expires_at <= {now}"
        )
    })
    .await
}

/// Those of these tokens that are revoked, each with `true`.
pub(super) async fn look_up_revoked<C: ConnectionTrait>(
    db: &C,
    wanted: &[Digest],
) -> Result<HashMap<Digest, bool>, DbErr> {
    let rows = Rows::new(wanted.iter().map(|jti| vec![jti.as_bytes().to_vec().into()]));
    let sql = |list: &str, _: &str| {
        format!("SELECT jti FROM ({list}) AS wanted CROSS JOIN revoked_tokens WHERE jti = column1")
    };
    let read = |row: &QueryResult| {
        let bytes: Vec<u8> = row.try_get("", "jti")?;
        digest(&bytes).map(|jti| (jti, true)).map_err(|error| DbErr::Type(error.to_string()))
    };
    rows::select(db, rows, sql).await?.iter().map(read).collect()
}

/// Remembers that a token is revoked, as long as whoever asked for the longest wants it.
pub(super) async fn revoke_token<C: ConnectionTrait>(db: &C, jti: Digest, until: Timestamp) -> Result<u64, DbErr> {
    let sql = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO UPDATE \
               SET expires_at = excluded.expires_at WHERE revoked_tokens.expires_at < excluded.expires_at";
    execute(db, sql, vec![jti.as_bytes().to_vec().into(), until.millis().into()]).await
}
