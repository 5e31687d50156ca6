//! Sealed records, where no Redis is configured.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use super::write::{Extent, Key, Mergeable, Single};
use crate::store::sql::db::codec::{bytes, digest, id};
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::db::{execute, query_one};
use crate::store::{RecordKind, SealedRecord, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

/// The record, if it has not expired.
pub(crate) async fn get<C: ConnectionTrait>(
    db: &C,
    kind: RecordKind,
    key: Digest,
    now: Timestamp,
) -> StoreResult<Option<SealedRecord>> {
    let sql = "SELECT key, value, owners, expires_at FROM records WHERE kind = $1 AND key = $2 AND expires_at > $3";
    let row = query_one(db, sql, vec![number(kind), bytes(key), now.millis().into()]).await?;
    row.as_ref().map(record_of).transpose()
}

/// The records of an account, at most 200.
pub(crate) async fn of_owner<C: ConnectionTrait>(
    db: &C,
    kind: RecordKind,
    owner: UserId,
    now: Timestamp,
) -> StoreResult<Vec<SealedRecord>> {
    let sql = "SELECT records.key AS key, value, owners, expires_at FROM record_owners \
               JOIN records ON records.kind = record_owners.kind AND records.key = record_owners.key \
               WHERE owner = $1 AND record_owners.kind = $2 AND expires_at > $3 LIMIT 200";
    let values = vec![owner.as_bytes().to_vec().into(), number(kind), now.millis().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_all_raw(statement).await?.iter().map(record_of).collect()
}

/// Adds or replaces a record, with whom it belongs to.
#[derive(Debug)]
pub(crate) struct PutRecord {
    pub(crate) kind: RecordKind,
    pub(crate) record: SealedRecord,
}

impl PutRecord {
    /// The columns of its row.
    fn row(&self) -> Vec<Value> {
        let Self { kind, record } = self;
        let owners: Vec<u8> = record.owners.iter().flat_map(|owner| *owner.as_bytes()).collect();
        let expires_at = record.expires_at.millis();
        vec![number(*kind), bytes(record.key), record.value.clone().into(), owners.into(), expires_at.into()]
    }
}

impl Mergeable for PutRecord {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        Some(self.record.key.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, _: Reporting, puts: &[&Self]) -> StoreResult<Vec<()>> {
        let rows = Rows::new(puts.iter().map(|put| put.row()));
        let put = |list: &str, _: &str| {
            format!(
                "INSERT INTO records (kind, key, value, owners, expires_at) SELECT * FROM ({list}) AS added \
                 WHERE column1 IS NOT NULL ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, \
                 owners = excluded.owners, expires_at = excluded.expires_at"
            )
        };
        rows::execute(db, rows, put).await?;
        put_owners(db, puts).await?;
        Ok(vec![(); puts.len()])
    }
}

/// Adds or replaces a record of which its owner may have so many.
#[derive(Debug)]
pub(crate) struct PutBounded {
    pub(crate) put: PutRecord,
    pub(crate) most: u32,
}

impl Single for PutBounded {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    /// Its owner's: of one owner they come one after the other on a node, and each sees the ones before. What several nodes put in the same instant may be a few too
    /// many, until the next one.
    fn key(&self) -> Option<Key> {
        let PutRecord { record, .. } = &self.put;
        Some(
            record
                .owners
                .first()
                .map_or_else(|| record.key.into(), |owner| Digest::of("owner", owner.as_bytes()).into()),
        )
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let PutRecord { kind, record } = &self.put;
        PutRecord::apply(db, Reporting::ReturnsKeys, &[&self.put]).await?;
        for owner in &record.owners {
            let sql = "DELETE FROM records WHERE kind = $1 AND key IN (SELECT theirs.key FROM record_owners AS theirs \
                       JOIN records AS other ON other.kind = theirs.kind AND other.key = theirs.key \
                       WHERE theirs.owner = $2 AND theirs.kind = $1 AND theirs.key <> $3 \
                       ORDER BY other.expires_at DESC, theirs.key LIMIT 1000 OFFSET $4)";
            let others = i64::from(self.most.saturating_sub(1));
            execute(db, sql, vec![number(*kind), owner.as_bytes().to_vec().into(), bytes(record.key), others.into()])
                .await?;
        }
        Ok(())
    }
}

/// Replaces a record that is there; answers whether it was.
#[derive(Debug)]
pub(crate) struct RenewRecord(pub(crate) PutRecord);

impl Single for RenewRecord {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        Some(self.0.record.key.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let sql = "UPDATE records SET value = $3, owners = $4, expires_at = $5 WHERE kind = $1 AND key = $2";
        if execute(db, sql, self.0.row()).await? == 0 {
            return Ok(false);
        }
        put_owners(db, &[&self.0]).await?;
        Ok(true)
    }
}

/// Writes down whose the records are, so that they are found by it.
async fn put_owners<C: ConnectionTrait>(db: &C, puts: &[&PutRecord]) -> Result<(), DbErr> {
    let keys = Rows::new(puts.iter().map(|PutRecord { kind, record }| vec![bytes(record.key), number(*kind)]));
    // The inner look-up goes by the index of keys, and finds the primary keys that the outer one goes by.
    let forget = |list: &str, _: &str| {
        format!(
            "DELETE FROM record_owners WHERE (owner, kind, key) IN (SELECT old.owner, old.kind, old.key \
             FROM ({list}) AS put CROSS JOIN record_owners AS old WHERE old.key = column1 AND old.kind = column2)"
        )
    };
    rows::execute(db, keys, forget).await?;
    let owners = Rows::new(puts.iter().flat_map(|PutRecord { kind, record }| {
        record.owners.iter().map(|owner| vec![owner.as_bytes().to_vec().into(), number(*kind), bytes(record.key)])
    }));
    let remember = |list: &str, _: &str| {
        format!(
            "INSERT INTO record_owners (owner, kind, key) SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL \
             ON CONFLICT DO NOTHING"
        )
    };
    rows::execute(db, owners, remember).await
}

/// Takes a record away, and answers with it if it has not expired; whom it belonged to goes with it.
#[derive(Debug)]
pub(crate) struct TakeRecord {
    pub(crate) kind: RecordKind,
    pub(crate) key: Digest,
    pub(crate) now: Timestamp,
}

impl Single for TakeRecord {
    type Output = Option<SealedRecord>;

    fn key(&self) -> Option<Key> {
        Some(self.key.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Option<SealedRecord>> {
        let sql = "DELETE FROM records WHERE kind = $1 AND key = $2 AND expires_at > $3 \
                   RETURNING key, value, owners, expires_at";
        let row = query_one(db, sql, vec![number(self.kind), bytes(self.key), self.now.millis().into()]).await?;
        row.as_ref().map(record_of).transpose()
    }
}

/// Deletes a record.
#[derive(Debug)]
pub(crate) struct DeleteRecord {
    pub(crate) kind: RecordKind,
    pub(crate) key: Digest,
}

impl Single for DeleteRecord {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(self.key.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let values = vec![number(self.kind), bytes(self.key)];
        execute(db, "DELETE FROM records WHERE kind = $1 AND key = $2", values).await?;
        Ok(())
    }
}

fn record_of(row: &QueryResult) -> StoreResult<SealedRecord> {
    let (key, owners): (Vec<u8>, Vec<u8>) = (row.try_get("", "key")?, row.try_get("", "owners")?);
    Ok(SealedRecord {
        key: digest(&key)?,
        owners: owners.chunks(16).map(|owner| id(owner).map(UserId::from_bytes)).collect::<StoreResult<_>>()?,
        value: row.try_get("", "value")?,
        expires_at: Timestamp::from_millis(row.try_get("", "expires_at")?),
    })
}

/// What the column `kind` holds.
fn number(kind: RecordKind) -> Value {
    let number: i16 = match kind {
        RecordKind::Session => 1,
        RecordKind::Authorization => 2,
        RecordKind::UpstreamLogin => 3,
        RecordKind::KeptForm => 4,
        RecordKind::KeptAnswer => 5,
        RecordKind::Trial => 6,
        RecordKind::PendingLogin => 7,
        RecordKind::TrustedBrowser => 8,
    };
    number.into()
}
