//! Keeping the database small.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr};

use super::grant::HOUR;
use super::write::Write;
use super::{SqlStore, execute, query_one};
use crate::store::{Housekeeping, StoreResult};
use crate::support::Timestamp;

/// The most rows of one table that one step deletes, so that other writes need not wait for long.
const STEP: u64 = 1000;
/// The most steps of one purge: what is left waits for the next one.
const STEPS: u64 = 200;

/// What expires: the table, its key, and the condition; `$1` is the present, `$2` the hour it is in.
const EXPIRING: &[(&str, &str, &str)] = &[
    ("grants", "id", "purge_hour <= $2 AND expires_at <= $1"),
    ("records", "kind, key", "expires_at <= $1 AND $2 = $2"),
    ("used_values", "value", "expires_at <= $1 AND $2 = $2"),
    ("revoked_tokens", "jti", "expires_at <= $1 AND $2 = $2"),
    ("throttles", "key", "expires_at <= $1 AND $2 = $2"),
    ("ended_sign_ins", "id", "expires_at <= $1 AND $2 = $2"),
    ("one_time_tokens", "id", "expires_at <= $1 AND $2 = $2"),
];

#[async_trait]
impl Housekeeping for SqlStore {
    async fn purge(&self, now: Timestamp) -> StoreResult<u64> {
        let mut gone = 0;
        for table in 0..EXPIRING.len() {
            for _ in 0..STEPS {
                let deleted = self.write(Write::Purge(table, now)).await?.rows();
                gone += deleted;
                if deleted < STEP {
                    break;
                }
            }
        }
        Ok(gone)
    }

    async fn ping(&self) -> StoreResult<()> {
        ping(&self.read).await
    }
}

/// Whether the database answers.
pub(super) async fn ping<C: ConnectionTrait>(db: &C) -> StoreResult<()> {
    query_one(db, "SELECT 1 AS one", vec![]).await?;
    Ok(())
}

/// Deletes some expired rows of one table.
pub(super) async fn purge<C: ConnectionTrait>(db: &C, table: usize, now: Timestamp) -> Result<u64, DbErr> {
    let Some((table, key, expired)) = EXPIRING.get(table) else { return Ok(0) };
    let sql = format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {expired} LIMIT {STEP})");
    let values = vec![now.millis().into(), now.millis().div_euclid(HOUR).into()];
    execute(db, &sql, values).await
}
