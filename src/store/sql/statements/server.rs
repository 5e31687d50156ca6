//! The server's own row: whose database it is, the revision of what nodes cache, the key ring's version, and whether there was ever an
//! administrator.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use super::write::{Extent, Key, Single};
use crate::model::epoch::Epoch;
use crate::store::sql::db::codec::{bytes, corrupt};
use crate::store::sql::db::{execute, query_one};
use crate::store::{Adoption, Conflict, Noted, ServerIdentity, StoreError, StoreResult};
use crate::support::{Digest, Timestamp};

/// How long the row of [`ProveWritable`] stays when nothing asks any more.
const PROOF_STAYS: Duration = Duration::from_hours(1);

/// The epoch that the server is in, within a statement. The row is named by its key: a table that has to be gone through counts as so dear on our
/// connections that PostgreSQL compiles the whole statement first, for seconds.
pub(super) const EPOCH: &str = "(SELECT server.epoch FROM server WHERE server.id = 1)";

/// Whether the database answers.
pub(crate) async fn ping<C: ConnectionTrait>(db: &C) -> StoreResult<()> {
    query_one(db, "SELECT 1 AS one", vec![]).await?;
    Ok(())
}

/// Writes something that means nothing, to show that what is written is committed: a used value that nothing can present, as it is the digest
/// of a purpose of its own, and that expires.
#[derive(Debug)]
pub(crate) struct ProveWritable {
    pub(crate) now: Timestamp,
}

impl ProveWritable {
    fn value() -> Digest {
        Digest::of("readiness", b"")
    }
}

impl Single for ProveWritable {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(Self::value().into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let sql = "INSERT INTO used_values (value, expires_at) VALUES ($1, $2) \
                   ON CONFLICT (value) DO UPDATE SET expires_at = excluded.expires_at";
        execute(db, sql, vec![bytes(Self::value()), self.now.plus(PROOF_STAYS).millis().into()]).await?;
        Ok(())
    }
}

/// The revision of what nodes cache.
pub(crate) async fn revision<C: ConnectionTrait>(db: &C) -> StoreResult<u64> {
    let row = query_one(db, "SELECT revision FROM server WHERE id = 1", vec![]).await?;
    let revision: i64 = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "revision")?;
    u64::try_from(revision).map_err(|_| corrupt("a negative revision"))
}

/// The key ring's version.
pub(crate) async fn keys_version<C: ConnectionTrait>(db: &C) -> StoreResult<u64> {
    let row = query_one(db, "SELECT keys_version FROM server WHERE id = 1", vec![]).await?;
    let version: i64 = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "keys_version")?;
    u64::try_from(version).map_err(|_| corrupt("a negative version"))
}

/// The database's own time.
pub(crate) async fn now<C: ConnectionTrait>(db: &C) -> StoreResult<Timestamp> {
    let sql = format!("SELECT {} AS now", clock(db.get_database_backend()));
    let row = query_one(db, &sql, vec![]).await?;
    let millis = row.map(|row| row.try_get::<i64>("", "now")).transpose()?;
    Ok(Timestamp::from_millis(millis.unwrap_or_default()))
}

/// How many connections PostgreSQL takes from programs that are no superusers; `None` of a file.
pub(crate) async fn connections<C: ConnectionTrait>(db: &C) -> StoreResult<Option<u32>> {
    if db.get_database_backend() == DbBackend::Sqlite {
        return Ok(None);
    }
    let sql = "SELECT CAST(current_setting('max_connections') AS BIGINT) \
               - CAST(current_setting('superuser_reserved_connections') AS BIGINT) AS most";
    let most: Option<i64> = query_one(db, sql, vec![]).await?.map(|row| row.try_get("", "most")).transpose()?;
    Ok(most.and_then(|most| u32::try_from(most).ok()))
}

/// How the database says its time, in milliseconds.
fn clock(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        _ => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    }
}

/// Takes the row, and counts the revision up where that is due. Done first in a unit of work: it locks the row until the end, so that units which may end
/// what others rest on come one after the other and see what the one before did.
pub(crate) async fn hold<C: ConnectionTrait>(db: &C, counts_up: bool) -> Result<u64, DbErr> {
    execute(db, "UPDATE server SET revision = revision + $1 WHERE id = 1", vec![i64::from(counts_up).into()]).await
}

/// Counts the key ring's version up if it is `expected`. The revision stays: nodes look at this version itself.
pub(crate) async fn next_keys_version<C: ConnectionTrait>(db: &C, expected: i64) -> Result<bool, DbErr> {
    let sql = "UPDATE server SET keys_version = keys_version + 1 WHERE id = 1 AND keys_version = $1";
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

/// What the database says of itself.
pub(crate) async fn identity<C: ConnectionTrait>(db: &C) -> StoreResult<ServerIdentity> {
    let row =
        query_one(db, "SELECT issuer, instance, generation, release, mark FROM server WHERE id = 1", vec![]).await?;
    let row = row.ok_or_else(|| corrupt("the server's row is missing"))?;
    Ok(ServerIdentity {
        issuer: row.try_get("", "issuer")?,
        instance: row.try_get("", "instance")?,
        generation: row.try_get("", "generation")?,
        release: row.try_get("", "release")?,
        mark: mark(row.try_get("", "mark")?)?,
    })
}

/// The epoch that the server is in.
pub(crate) async fn epoch<C: ConnectionTrait>(db: &C) -> StoreResult<Epoch> {
    let row = query_one(db, "SELECT epoch FROM server WHERE id = 1", vec![]).await?;
    Ok(Epoch::from_count(row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "epoch")?))
}

/// Moves the server to another issuer.
pub(crate) async fn change_issuer<C: ConnectionTrait>(db: &C, from: &str, to: &str) -> StoreResult<()> {
    let sql = "UPDATE server SET issuer = $1 WHERE id = 1 AND issuer = $2";
    match execute(db, sql, vec![to.into(), from.into()]).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Fills in what the database does not say of itself yet.
#[derive(Debug)]
pub(crate) struct Adopt(pub(crate) Adoption);

impl Single for Adopt {
    type Output = ServerIdentity;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<ServerIdentity> {
        let Adoption { issuer, instance, generation, release } = &self.0;
        let sql = "UPDATE server SET issuer = COALESCE(issuer, $1), instance = COALESCE(instance, $2), \
                   release = CASE WHEN generation < $3 THEN $4 ELSE release END, \
                   generation = CASE WHEN generation < $3 THEN $3 ELSE generation END WHERE id = 1";
        let values =
            vec![issuer.as_str().into(), instance.as_str().into(), (*generation).into(), release.as_str().into()];
        execute(db, sql, values).await?;
        identity(db).await
    }
}

/// Counts the mark up, as part of a transaction. Answers the state that it leads to; `None` where the database does not say yet which one it is.
pub(crate) async fn count_commit<C: ConnectionTrait>(db: &C) -> StoreResult<Option<Noted>> {
    let sql = format!(
        "UPDATE server SET mark = mark + 1 WHERE id = 1 AND instance IS NOT NULL RETURNING instance, mark, {} AS now",
        clock(db.get_database_backend())
    );
    let Some(row) = query_one(db, &sql, vec![]).await? else { return Ok(None) };
    let at = Timestamp::from_millis(row.try_get("", "now")?);
    Ok(Some(Noted { instance: row.try_get("", "instance")?, mark: mark(row.try_get("", "mark")?)?, at }))
}

fn mark(stored: i64) -> StoreResult<u64> {
    u64::try_from(stored).map_err(|_| corrupt("a negative mark"))
}

/// Counts the mark up, unless it is behind what was noted. Answers what the database says of itself then.
#[derive(Debug)]
pub(crate) struct CountMark {
    pub(crate) noted: u64,
}

impl Single for CountMark {
    type Output = ServerIdentity;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<ServerIdentity> {
        // What is beyond the column's range no database has reached.
        let noted = i64::try_from(self.noted).unwrap_or(i64::MAX);
        execute(db, "UPDATE server SET mark = mark + 1 WHERE id = 1 AND mark >= $1", vec![noted.into()]).await?;
        identity(db).await
    }
}
