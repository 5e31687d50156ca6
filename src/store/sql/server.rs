//! The server's own row: the revision of what nodes cache, and whether there was ever an administrator.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr};

use super::error::corrupt;
use super::{SqlStore, execute, query_one};
use crate::store::{Conflict, RevisionStore, StoreError, StoreResult};
use crate::support::Timestamp;

#[async_trait]
impl RevisionStore for SqlStore {
    async fn revision(&self) -> StoreResult<u64> {
        let row = query_one(&self.read, "SELECT revision FROM server", vec![]).await?;
        let revision: i64 = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "revision")?;
        u64::try_from(revision).map_err(|_| corrupt("a negative revision"))
    }
}

/// Counts the revision up. Done first in a unit of work: it locks the row until the end, so that units which change users or clients
/// come one after the other and see what the one before did.
pub(super) async fn count_up<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    execute(db, "UPDATE server SET revision = revision + 1 WHERE id = 1", vec![]).await
}

/// Counts the key ring's version up if it is `expected`; the revision with it.
pub(super) async fn next_keys_version<C: ConnectionTrait>(db: &C, expected: i64) -> Result<bool, DbErr> {
    let sql = "UPDATE server SET keys_version = keys_version + 1, revision = revision + 1 \
               WHERE id = 1 AND keys_version = $1";
    Ok(execute(db, sql, vec![expected.into()]).await? == 1)
}

/// Remembers, once and for ever, that there is an administrator.
pub(super) async fn claim<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<()> {
    let sql = "UPDATE server SET claimed_at = $1 WHERE id = 1 AND claimed_at IS NULL";
    match execute(db, sql, vec![now.millis().into()]).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::AlreadyClaimed)),
    }
}

/// Whether there was ever an administrator.
pub(super) async fn is_claimed<C: ConnectionTrait>(db: &C) -> StoreResult<bool> {
    Ok(query_one(db, "SELECT 1 AS claimed FROM server WHERE claimed_at IS NOT NULL", vec![]).await?.is_some())
}
