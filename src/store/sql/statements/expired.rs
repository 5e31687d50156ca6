//! What expires, and deleting it step by step: what expired first goes first, found by an index and by its key, so a step costs the same however much there is.
//!
//! Leaves grants to [`super::grant::PurgeGrants`]: they are found by an hour that moves less often than they do.

use sea_orm::ConnectionTrait;

use super::write::{Key, Single};
use crate::store::StoreResult;
use crate::store::sql::db::{execute, query_one};
use crate::support::Timestamp;

/// The most rows of one table that one step deletes, so that other writes need not wait for long.
pub(crate) const STEP: u64 = 1000;

/// A table whose rows expire: at `expires_at`, of which it has an index unless it is small.
#[derive(Debug)]
pub(crate) struct Expiring {
    table: &'static str,
    /// The columns of its primary key.
    key: &'static str,
}

/// Every table whose rows expire, but for the grants.
pub(crate) const TABLES: &[Expiring] = &[
    Expiring { table: "records", key: "kind, key" },
    Expiring { table: "used_values", key: "value" },
    Expiring { table: "revoked_tokens", key: "jti" },
    Expiring { table: "throttles", key: "key" },
    Expiring { table: "ended_sign_ins", key: "id" },
    Expiring { table: "refusals", key: "id" },
    Expiring { table: "webhook_messages", key: "id" },
    Expiring { table: "mails", key: "id" },
    Expiring { table: "counts", key: "resolution, measure, begins_at, label" },
    Expiring { table: "active_people", key: "begins_at" },
    Expiring { table: "one_time_tokens", key: "id" },
];

/// Deletes some expired rows of one table; answers how many.
#[derive(Debug)]
pub(crate) struct Purge {
    pub(crate) expiring: &'static Expiring,
    pub(crate) now: Timestamp,
}

impl Single for Purge {
    type Output = u64;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<u64> {
        let Expiring { table, key } = self.expiring;
        // Asked again at the row: one that another node gave more time meanwhile stays.
        let sql = format!(
            "DELETE FROM {table} WHERE ({key}) IN \
             (SELECT {key} FROM {table} WHERE expires_at <= $1 ORDER BY expires_at LIMIT {STEP}) AND expires_at <= $1"
        );
        Ok(execute(db, &sql, vec![self.now.millis().into()]).await?)
    }
}

/// When the row expired that has waited longest for its deletion, if any has.
pub(crate) async fn oldest<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<Option<Timestamp>> {
    let mut tables: Vec<String> =
        TABLES.iter().map(|each| format!("SELECT MIN(expires_at) AS at FROM {}", each.table)).collect();
    tables.push(super::grant::when_first_due());
    let sql = format!("SELECT MIN(at) AS oldest FROM ({}) AS tables WHERE at <= $1", tables.join(" UNION ALL "));
    let row = query_one(db, &sql, vec![now.millis().into()]).await?;
    let oldest: Option<i64> = row.map(|row| row.try_get("", "oldest")).transpose()?.flatten();
    Ok(oldest.map(Timestamp::from_millis))
}
