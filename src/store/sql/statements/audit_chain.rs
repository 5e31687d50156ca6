//! The chain of the audit log: entries that wait for their place, the places, and what retention deletes.
//!
//! Owns that a chain goes on from where it was: each write first moves the one row that says where the chain ends, and does nothing where another
//! node was faster. No commit of anything else waits for that row. Leaves what a place and a seal are to those who compute them.

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::audit_event::{COLUMNS, columns_of, entry_id};
use super::write::{Extent, Key, Single};
use crate::model::audit_chain::{Chain, Link};
use crate::store::sql::db::codec::{bytes, corrupt, digest, unreadable};
use crate::store::sql::db::rows::{self, Rows};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{EntryIndex, SealedChain, StoreResult, StoredEntry};

/// The chain and its seal.
pub(crate) async fn chain<C: ConnectionTrait>(db: &C) -> StoreResult<SealedChain> {
    let sql = "SELECT head_seq, head_hash, anchor_seq, anchor_hash, adopted_seq, seal FROM audit_chain WHERE id = 1";
    let row =
        query_one(db, sql, vec![]).await?.ok_or_else(|| corrupt("the row of the audit log's chain is missing"))?;
    let place = |seq: &str, hash: &str| -> StoreResult<Link> {
        let stored: Option<Vec<u8>> = row.try_get("", hash)?;
        let hash = stored.map_or_else(|| Ok(Link::beginning().hash), |bytes| digest(&bytes))?;
        Ok(Link { seq: number(row.try_get("", seq)?)?, hash })
    };
    let chain = Chain {
        head: place("head_seq", "head_hash")?,
        anchor: place("anchor_seq", "anchor_hash")?,
        adopted: number(row.try_get("", "adopted_seq")?)?,
    };
    Ok(SealedChain { chain, seal: row.try_get("", "seal")? })
}

/// Entries that have no place yet, the oldest first.
pub(crate) async fn unsealed<C: ConnectionTrait>(db: &C, limit: u32) -> StoreResult<Vec<StoredEntry>> {
    let sql = format!("SELECT {} FROM audit_events WHERE seq IS NULL ORDER BY id LIMIT {limit}", every_column());
    query_all(db, &sql, vec![]).await?.iter().map(entry).collect()
}

/// Entries in the chain's order, after a place.
pub(crate) async fn chained<C: ConnectionTrait>(db: &C, after: u64, limit: u32) -> StoreResult<Vec<StoredEntry>> {
    let sql = format!("SELECT {} FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT {limit}", every_column());
    query_all(db, &sql, vec![stored(after).into()]).await?.iter().map(entry).collect()
}

fn every_column() -> String {
    columns().join(", ")
}

/// The columns of an entry.
pub(super) fn columns() -> Vec<&'static str> {
    ["id", "document", "seq", "hash"].into_iter().chain(COLUMNS).collect()
}

/// An entry as a row; without a place where it has none yet.
pub(super) fn row_of(entry: &StoredEntry) -> StoreResult<Vec<Value>> {
    let said = serde_json::from_str(&entry.document).map_err(unreadable("audit event"))?;
    let mut row: Vec<Value> = vec![
        entry.id.as_bytes().to_vec().into(),
        entry.document.as_str().into(),
        entry.link.map(|link| stored(link.seq)).into(),
        entry.link.map(|link| link.hash.as_bytes().to_vec()).into(),
    ];
    row.extend(columns_of(&said).map(Value::from));
    Ok(row)
}

fn entry(row: &QueryResult) -> StoreResult<StoredEntry> {
    let document: String = row.try_get("", "document")?;
    let seq: Option<i64> = row.try_get("", "seq")?;
    let hash: Option<Vec<u8>> = row.try_get("", "hash")?;
    let link = match (seq, hash) {
        (Some(seq), Some(hash)) => Some(Link { seq: number(seq)?, hash: digest(&hash)? }),
        _ => None,
    };
    let mut columns = Vec::with_capacity(COLUMNS.len());
    for column in COLUMNS {
        columns.push(row.try_get::<Option<String>>("", column)?);
    }
    let index = match serde_json::from_str(&document) {
        _ if columns.iter().all(Option::is_none) => EntryIndex::Absent,
        Ok(said) if columns == columns_of(&said) => EntryIndex::Right,
        _ => EntryIndex::Wrong,
    };
    Ok(StoredEntry { id: entry_id(row)?, document, link, index })
}

/// Gives entries their places, where the chain is still as it was; answers whether it was.
#[derive(Debug)]
pub(crate) struct Seal {
    pub(crate) was: SealedChain,
    pub(crate) is: SealedChain,
    pub(crate) entries: Vec<StoredEntry>,
}

impl Single for Seal {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        if !advance(db, &self.was, &self.is).await? {
            return Ok(false);
        }
        let entries = self.entries.iter().filter_map(|entry| {
            let link = entry.link?;
            let said = serde_json::from_str(&entry.document).unwrap_or_default();
            let mut row: Vec<Value> =
                vec![entry.id.as_bytes().to_vec().into(), stored(link.seq).into(), bytes(link.hash)];
            row.extend(columns_of(&said).map(Value::from));
            Some(row)
        });
        let filled: Vec<String> = (4..).zip(COLUMNS).map(|(n, column)| format!("{column} = column{n}")).collect();
        rows::execute(db, Rows::new(entries), |list, _| {
            format!(
                "UPDATE audit_events SET seq = column2, hash = column3, {} FROM ({list}) AS sealed \
                 WHERE audit_events.id = column1 AND audit_events.seq IS NULL",
                filled.join(", ")
            )
        })
        .await?;
        Ok(true)
    }
}

/// Deletes what is before the chain's new anchor, where the chain is still as it was; answers how many entries went.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) was: SealedChain,
    pub(crate) is: SealedChain,
}

impl Single for Cut {
    type Output = Option<u64>;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Option<u64>> {
        if !advance(db, &self.was, &self.is).await? {
            return Ok(None);
        }
        let sql = "DELETE FROM audit_events WHERE seq <= $1";
        Ok(Some(execute(db, sql, vec![stored(self.is.chain.anchor.seq).into()]).await?))
    }
}

/// Moves the chain on, if it is as it was.
async fn advance<C: ConnectionTrait>(db: &C, was: &SealedChain, is: &SealedChain) -> StoreResult<bool> {
    let (sql, values) = advancing(was, is);
    Ok(execute(db, sql, values).await? == 1)
}

/// The statement that moves the chain on, if it is as it was. Its seal covers all of it, and so stands for it.
pub(super) fn advancing(was: &SealedChain, is: &SealedChain) -> (&'static str, Vec<Value>) {
    let Chain { head, anchor, adopted } = is.chain;
    let sql = "UPDATE audit_chain SET head_seq = $1, head_hash = $2, anchor_seq = $3, anchor_hash = $4, adopted_seq = $5, seal = $6 \
               WHERE id = 1 AND seal = $7";
    let values = vec![
        stored(head.seq).into(),
        bytes(head.hash),
        stored(anchor.seq).into(),
        bytes(anchor.hash),
        stored(adopted).into(),
        is.seal.as_str().into(),
        was.seal.as_str().into(),
    ];
    (sql, values)
}

fn number(stored: i64) -> StoreResult<u64> {
    u64::try_from(stored).map_err(|_| corrupt("a negative place in the audit log's chain"))
}

/// A place as it is stored: no chain gets as long as the column's range.
fn stored(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
