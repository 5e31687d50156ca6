//! Refused requests.

use std::time::Duration;

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::write::{Extent, Key, Single};
use crate::model::NotedRefusal;
use crate::store::sql::db::codec::unreadable;
use crate::store::sql::db::{execute, query_all};
use crate::store::{KEPT_OF_CLIENT, KEPT_OF_STRANGERS, StoreResult};
use crate::support::Digest;

/// The owner of what no registered client is known of.
const STRANGERS: &str = "";
/// How long a refusal is worth looking at.
const LIFETIME: Duration = Duration::from_hours(24 * 30);

/// Adds refusals of one owner, and deletes all but the newest.
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
            let document = serde_json::to_string(refusal).map_err(unreadable("refusal"))?;
            let values: Vec<Value> = vec![
                refusal.id.as_bytes().to_vec().into(),
                self.owner.as_str().into(),
                document.into(),
                refusal.at.plus(LIFETIME).millis().into(),
            ];
            let sql = "INSERT INTO refusals (id, owner, document, expires_at) VALUES ($1, $2, $3, $4)";
            execute(db, sql, values).await?;
        }
        let kept = if self.owner == STRANGERS { KEPT_OF_STRANGERS } else { KEPT_OF_CLIENT };
        let sql = "DELETE FROM refusals WHERE owner = $1 AND id < (SELECT id FROM (SELECT id FROM refusals WHERE owner = $1 \
                   ORDER BY id DESC LIMIT $2) AS newest ORDER BY id LIMIT 1)";
        execute(db, sql, vec![self.owner.as_str().into(), i64::from(kept).into()]).await?;
        Ok(())
    }
}

/// Refusals, the newest first. Those of a client that is not registered are among those of strangers.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    client: Option<&str>,
    limit: u32,
) -> StoreResult<Vec<NotedRefusal>> {
    let Some(client) = client else {
        let sql = "SELECT document FROM refusals ORDER BY id DESC LIMIT $1";
        return query_all(db, sql, vec![i64::from(limit).into()]).await?.iter().map(read).collect();
    };
    let sql = "SELECT document FROM refusals WHERE owner = $1 OR owner = $2 ORDER BY id DESC";
    let rows = query_all(db, sql, vec![client.into(), STRANGERS.into()]).await?;
    let mut found: Vec<NotedRefusal> = rows.iter().map(read).collect::<StoreResult<_>>()?;
    found.retain(|noted| noted.refusal.client.as_deref() == Some(client));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

fn read(row: &QueryResult) -> StoreResult<NotedRefusal> {
    let document: String = row.try_get("", "document")?;
    serde_json::from_str(&document).map_err(unreadable("refusal"))
}
