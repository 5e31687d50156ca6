//! What must not be accepted again: used assertion ids and revoked access tokens.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::store::sql::db::codec::{bytes, digest};
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, ChangedRows, Reporting, Rows};
use crate::support::{Digest, Timestamp};

/// A value that is used now and must not be used again before `until`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) value: Digest,
    pub(crate) until: Timestamp,
    pub(crate) now: Timestamp,
}

/// Remembers values that were not remembered, or whose time was over.
pub(crate) async fn first_use<C: ConnectionTrait>(
    db: &C,
    reporting: Reporting,
    uses: &[&Use],
) -> Result<ChangedRows, DbErr> {
    // The table has no column for the present, so what counts as over is the earliest one of the batch: it can only refuse more.
    let now = uses.iter().map(|used| used.now.millis()).min();
    let rows = uses.iter().map(|used| vec![bytes(used.value), used.until.millis().into()]);
    let rows = Rows { common: Some(now.into()), ..Rows::new(rows) };
    rows::change(db, reporting, rows, "value", |list, now| {
        format!(
            "INSERT INTO used_values (value, expires_at) SELECT * FROM ({list}) AS used WHERE column1 IS NOT NULL \
             ON CONFLICT (value) DO UPDATE SET expires_at = excluded.expires_at WHERE used_values.expires_at <= {now}"
        )
    })
    .await
}

/// Those of these tokens that are revoked, each with `true`.
pub(crate) async fn look_up_revoked<C: ConnectionTrait>(
    db: &C,
    wanted: &[Digest],
) -> Result<HashMap<Digest, bool>, DbErr> {
    let rows = Rows::new(wanted.iter().map(|jti| vec![bytes(*jti)]));
    let sql = |list: &str, _: &str| {
        format!("SELECT jti FROM ({list}) AS wanted CROSS JOIN revoked_tokens WHERE jti = column1")
    };
    let read = |row: &QueryResult| {
        let jti: Vec<u8> = row.try_get("", "jti")?;
        digest(&jti).map(|jti| (jti, true)).map_err(|error| DbErr::Type(error.to_string()))
    };
    rows::select(db, rows, sql).await?.iter().map(read).collect()
}

/// Remembers that a token is revoked, as long as whoever asked for the longest wants it.
pub(crate) async fn revoke_token<C: ConnectionTrait>(db: &C, jti: Digest, until: Timestamp) -> Result<u64, DbErr> {
    let sql = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO UPDATE \
               SET expires_at = excluded.expires_at WHERE revoked_tokens.expires_at < excluded.expires_at";
    execute(db, sql, vec![bytes(jti), until.millis().into()]).await
}
