//! Values that must not be used again: ids of client assertions (RFC 7523 section 3), signing keys that were revoked.

use sea_orm::ConnectionTrait;

use super::write::{Key, Mergeable};
use crate::store::sql::db::codec::bytes;
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::{Digest, Timestamp};

/// Uses a value up in a unit of work: `TokenSpent` where it was used before.
pub(crate) async fn use_once<C: ConnectionTrait>(
    db: &C,
    value: Digest,
    until: Timestamp,
    now: Timestamp,
) -> StoreResult<()> {
    let sql = "INSERT INTO used_values (value, expires_at) VALUES ($1, $2) ON CONFLICT (value) \
               DO UPDATE SET expires_at = excluded.expires_at WHERE used_values.expires_at <= $3";
    let changed = execute(db, sql, vec![bytes(value), until.millis().into(), now.millis().into()]).await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::TokenSpent)) }
}

/// Remembers a value until then, whether it was remembered before or not.
pub(crate) async fn keep<C: ConnectionTrait>(db: &C, value: Digest, until: Timestamp) -> StoreResult<()> {
    let sql = "INSERT INTO used_values (value, expires_at) VALUES ($1, $2) ON CONFLICT (value) \
               DO UPDATE SET expires_at = excluded.expires_at";
    execute(db, sql, vec![bytes(value), until.millis().into()]).await?;
    Ok(())
}

/// Whether a value is remembered.
pub(crate) async fn is_there<C: ConnectionTrait>(db: &C, value: Digest) -> StoreResult<bool> {
    Ok(query_one(db, "SELECT 1 FROM used_values WHERE value = $1", vec![bytes(value)]).await?.is_some())
}

/// Uses a value that must not be used again before `until`; answers whether it is the first use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UseOnce {
    pub(crate) value: Digest,
    pub(crate) until: Timestamp,
    pub(crate) now: Timestamp,
}

impl Mergeable for UseOnce {
    type Output = bool;

    fn key(&self) -> Option<Key> {
        Some(self.value.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, reporting: Reporting, uses: &[&Self]) -> StoreResult<Vec<bool>> {
        // The table has no column for the present, so what counts as over is the earliest one of the batch: it can only refuse more.
        let now = uses.iter().map(|used| used.now.millis()).min();
        let rows = uses.iter().map(|used| vec![bytes(used.value), used.until.millis().into()]);
        let rows = Rows { common: Some(now.into()), ..Rows::new(rows) };
        let changed = rows::change(db, reporting, rows, "value", |list, now| {
            format!(
                "INSERT INTO used_values (value, expires_at) SELECT * FROM ({list}) AS used WHERE column1 IS NOT NULL \
                 ON CONFLICT (value) DO UPDATE SET expires_at = excluded.expires_at \
                 WHERE used_values.expires_at <= {now}"
            )
        })
        .await?;
        Ok(uses.iter().map(|used| changed.contains(used.value.as_bytes())).collect())
    }
}
