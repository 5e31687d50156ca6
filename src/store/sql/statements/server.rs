//! The server's own row: the revision of what nodes cache, the key ring's version, and whether there was ever an administrator.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::Timestamp;

/// Whether the database answers.
pub(crate) async fn ping<C: ConnectionTrait>(db: &C) -> StoreResult<()> {
    query_one(db, "SELECT 1 AS one", vec![]).await?;
    Ok(())
}

/// The revision of what nodes cache.
pub(crate) async fn revision<C: ConnectionTrait>(db: &C) -> StoreResult<u64> {
    let row = query_one(db, "SELECT revision FROM server", vec![]).await?;
    let revision: i64 = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "revision")?;
    u64::try_from(revision).map_err(|_| corrupt("a negative revision"))
}

/// The key ring's version.
pub(crate) async fn keys_version<C: ConnectionTrait>(db: &C) -> StoreResult<u64> {
    let row = query_one(db, "SELECT keys_version FROM server", vec![]).await?;
    let version: i64 = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "keys_version")?;
    u64::try_from(version).map_err(|_| corrupt("a negative version"))
}

/// The database's own time.
pub(crate) async fn now<C: ConnectionTrait>(db: &C) -> StoreResult<Timestamp> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS now",
        _ => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now",
    };
    let row = query_one(db, sql, vec![]).await?;
    let millis = row.map(|row| row.try_get::<i64>("", "now")).transpose()?;
    Ok(Timestamp::from_millis(millis.unwrap_or_default()))
}

/// Counts the revision up. Done first in a unit of work: it locks the row until the end, so that units which change users or clients
/// come one after the other and see what the one before did.
pub(crate) async fn count_up<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    execute(db, "UPDATE server SET revision = revision + 1 WHERE id = 1", vec![]).await
}

/// Counts the key ring's version up if it is `expected`; the revision with it.
pub(crate) async fn next_keys_version<C: ConnectionTrait>(db: &C, expected: i64) -> Result<bool, DbErr> {
    let sql = "UPDATE server SET keys_version = keys_version + 1, revision = revision + 1 \
               WHERE id = 1 AND keys_version = $1";
    Ok(execute(db, sql, vec![expected.into()]).await? == 1)
}

/// Remembers, once and for ever, that there is an administrator.
pub(crate) async fn claim<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<()> {
    let sql = "UPDATE server SET claimed_at = $1 WHERE id = 1 AND claimed_at IS NULL";
    match execute(db, sql, vec![now.millis().into()]).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::AlreadyClaimed)),
    }
}

/// Whether there was ever an administrator.
pub(crate) async fn is_claimed<C: ConnectionTrait>(db: &C) -> StoreResult<bool> {
    Ok(query_one(db, "SELECT 1 AS claimed FROM server WHERE claimed_at IS NOT NULL", vec![]).await?.is_some())
}
