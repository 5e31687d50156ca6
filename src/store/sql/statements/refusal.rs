//! Refused requests.

use std::time::Duration;

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::write::{Extent, Key, Single};
use crate::model::NotedRefusal;
use crate::model::refusal::KeptRefusal;
use crate::store::sql::db::codec::unreadable;
use crate::store::sql::db::{execute, query_all};
use crate::store::{EXAMPLES_OF_CLIENT, KEPT_OF_CLIENT, KEPT_OF_STRANGERS, StoreResult};
use crate::support::{Digest, Timestamp};

/// The owner of what no registered client is known of.
const STRANGERS: &str = "";
/// How long a refusal is worth looking at.
const LIFETIME: Duration = Duration::from_hours(24 * 30);

/// Adds refusals of one owner, and deletes what there is no room for. Nodes that write those of one owner at once may get in each other's way: then one of
/// them has its refusals in its log only.
#[derive(Debug)]
pub(crate) struct KeepRefusals {
    owner: String,
    refusals: Vec<NotedRefusal>,
}

impl KeepRefusals {
    /// The refusals by owner, each of whom is a write of its own.
    pub(crate) fn by_owner(refusals: Vec<NotedRefusal>) -> Vec<Self> {
        let mut writes: Vec<Self> = Vec::new();
        for refusal in refusals {
            let owner = owner(&refusal);
            match writes.iter_mut().find(|write| write.owner == owner) {
                Some(write) => write.refusals.push(refusal),
                None => writes.push(Self { owner: owner.to_owned(), refusals: vec![refusal] }),
            }
        }
        writes
    }
}

fn owner(refusal: &NotedRefusal) -> &str {
    refusal.refusal.client.as_deref().filter(|_| refusal.registered).unwrap_or(STRANGERS)
}

impl Single for KeepRefusals {
    type Output = ();

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        Some(Digest::of("refusals", self.owner.as_bytes()).into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        for refusal in &self.refusals {
            note(db, refusal).await?;
        }
        let (kept, examples) = match self.owner.as_str() {
            STRANGERS => (KEPT_OF_STRANGERS, KEPT_OF_STRANGERS),
            _ => (KEPT_OF_CLIENT, EXAMPLES_OF_CLIENT),
        };
        let sql = "DELETE FROM refusals WHERE owner = $1 AND id IN (SELECT id FROM (SELECT id, place, \
                   ROW_NUMBER() OVER (ORDER BY place, id DESC) AS nth FROM (SELECT id, \
                   ROW_NUMBER() OVER (PARTITION BY kind ORDER BY id DESC) AS place FROM refusals WHERE owner = $1) AS placed) \
                   AS ranked WHERE place > $2 OR nth > $3)";
        execute(db, sql, vec![self.owner.as_str().into(), i64::from(examples).into(), i64::from(kept).into()]).await?;
        Ok(())
    }
}

/// Adds a refusal, or counts the one up that says the same. Of the two the newer one is shown: nodes write behind their answers, in any order.
async fn note<C: ConnectionTrait>(db: &C, noted: &NotedRefusal) -> StoreResult<()> {
    let newer = |column: &str| {
        format!("{column} = CASE WHEN excluded.id > refusals.id THEN excluded.{column} ELSE refusals.{column} END")
    };
    let (id, document, expires_at) = (newer("id"), newer("document"), newer("expires_at"));
    let sql = format!(
        "INSERT INTO refusals ({}) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (owner, alike) DO UPDATE SET {id}, {document}, {expires_at}, noted = refusals.noted + 1, \
         first_at = CASE WHEN excluded.first_at < refusals.first_at THEN excluded.first_at ELSE refusals.first_at END",
        COLUMNS.join(", ")
    );
    execute(db, &sql, row_of(noted)?).await?;
    Ok(())
}

/// The columns that a new one fills.
pub(super) const COLUMNS: [&str; 7] = ["id", "owner", "document", "expires_at", "kind", "alike", "first_at"];

/// A refusal as a row of those.
pub(super) fn row_of(noted: &NotedRefusal) -> StoreResult<Vec<Value>> {
    let document = serde_json::to_string(noted).map_err(unreadable("refusal"))?;
    let said = serde_json::to_string(&(&noted.endpoint, &noted.refusal)).map_err(unreadable("refusal"))?;
    Ok(vec![
        noted.id.as_bytes().to_vec().into(),
        owner(noted).into(),
        document.into(),
        noted.at.plus(LIFETIME).millis().into(),
        noted.refusal.kind(&noted.endpoint).to_string().into(),
        Digest::of("refusal", said.as_bytes()).as_bytes().to_vec().into(),
        noted.at.millis().into(),
    ])
}

/// Refusals, the newest first. Those of a client that is not registered are among those of strangers.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    client: Option<&str>,
    limit: u32,
) -> StoreResult<Vec<KeptRefusal>> {
    let Some(client) = client else {
        let sql = "SELECT document, noted, first_at FROM (SELECT id, document, noted, first_at, \
                   ROW_NUMBER() OVER (PARTITION BY owner, kind ORDER BY id DESC) AS place FROM refusals) AS placed \
                   ORDER BY place, id DESC LIMIT $1";
        let rows = query_all(db, sql, vec![i64::from(limit).into()]).await?;
        let mut found: Vec<KeptRefusal> = rows.iter().map(read).collect::<StoreResult<_>>()?;
        found.sort_by_key(|kept| std::cmp::Reverse(*kept.last.id.as_bytes()));
        return Ok(found);
    };
    let sql = "SELECT document, noted, first_at FROM refusals WHERE owner = $1 OR owner = $2 ORDER BY id DESC";
    let rows = query_all(db, sql, vec![client.into(), STRANGERS.into()]).await?;
    let mut found: Vec<KeptRefusal> = rows.iter().map(read).collect::<StoreResult<_>>()?;
    found.retain(|kept| kept.last.refusal.client.as_deref() == Some(client));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

fn read(row: &QueryResult) -> StoreResult<KeptRefusal> {
    let (document, noted): (String, i64) = (row.try_get("", "document")?, row.try_get("", "noted")?);
    let last: NotedRefusal = serde_json::from_str(&document).map_err(unreadable("refusal"))?;
    // One that an earlier release put there says neither how often nor since when.
    let first_at: Option<i64> = row.try_get("", "first_at")?;
    let first_at = first_at.map_or(last.at, Timestamp::from_millis);
    Ok(KeptRefusal { last, count: u32::try_from(noted).unwrap_or(u32::MAX), first_at })
}
