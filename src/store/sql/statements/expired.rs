//! What expires, and deleting it step by step: what expired first goes first, found by an index and by its key, so a step costs the same however much there is.
//!
//! Leaves grants to [`super::grant::PurgeGrants`]: they are found by an hour that moves less often than they do.

use sea_orm::{ConnectionTrait, DbBackend};

use super::way_in;
use super::write::{Key, Single};
use crate::model::one_time_token::{OneTimeTokenPurpose, UNANSWERED_KEPT};
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
    /// The condition of what stays nevertheless.
    stays: fn() -> String,
}

impl Expiring {
    const fn all(table: &'static str, key: &'static str) -> Self {
        Self { table, key, stays: || "FALSE".to_owned() }
    }
}

/// Every table whose rows expire, but for the grants.
pub(crate) const TABLES: &[Expiring] = &[
    Expiring::all("records", "kind, key"),
    Expiring::all("used_values", "value"),
    Expiring::all("revoked_tokens", "jti"),
    Expiring::all("throttles", "key"),
    Expiring::all("ended_sign_ins", "id"),
    Expiring::all("refusals", "id"),
    Expiring::all("webhook_messages", "id"),
    Expiring::all("mails", "id"),
    Expiring::all("counts", "resolution, measure, begins_at, label"),
    Expiring::all("active_people", "begins_at"),
    Expiring { table: "one_time_tokens", key: "id", stays: unanswered },
];

/// An invitation says of an account that nobody accepted it yet: its link does nothing any more. It does so for a while only, so there are no more to pass by
/// than were sent in that time.
fn unanswered() -> String {
    format!(
        "purpose = '{}' AND used_at IS NULL AND expires_at > $1 - {} \
         AND EXISTS (SELECT 1 FROM users WHERE users.id = one_time_tokens.user_id) AND NOT {}",
        OneTimeTokenPurpose::Invitation.as_str(),
        UNANSWERED_KEPT.as_millis(),
        way_in::any("one_time_tokens.user_id"),
    )
}

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
        let Expiring { table, key, stays } = self.expiring;
        // Asked again at the row, in a form that no index answers: one that another node gave more time meanwhile stays.
        let due = format!("expires_at <= $1 AND NOT ({}) ORDER BY expires_at", stays());
        let these = next_of((table, key), &due, db.get_database_backend());
        let sql = format!("DELETE FROM {table} WHERE {these} AND expires_at + 0 <= $1");
        Ok(execute(db, &sql, vec![self.now.millis().into()]).await?)
    }
}

/// The condition that a row is one of the next that are due: they are found first, by the index that `due` is in the order of, and then gone to, whatever the
/// database thinks of how many there are. Rows that somebody else holds are left out where there are several writers.
pub(crate) fn next_of((table, key): (&str, &str), due: &str, backend: DbBackend) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {due} LIMIT {STEP} FOR UPDATE SKIP LOCKED))")
        }
        _ => format!("({key}) IN (SELECT {key} FROM {table} WHERE {due} LIMIT {STEP})"),
    }
}

/// When the row of these tables expired that has waited longest for its deletion, if any has.
pub(crate) async fn oldest<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<Option<Timestamp>> {
    let oldest_of = |Expiring { table, stays, .. }: &Expiring| {
        format!("SELECT MIN(expires_at) AS at FROM {table} WHERE NOT ({})", stays())
    };
    let tables: Vec<String> = TABLES.iter().map(oldest_of).collect();
    let sql = format!("SELECT MIN(at) AS oldest FROM ({}) AS tables WHERE at <= $1", tables.join(" UNION ALL "));
    let row = query_one(db, &sql, vec![now.millis().into()]).await?;
    let oldest: Option<i64> = row.map(|row| row.try_get("", "oldest")).transpose()?.flatten();
    Ok(oldest.map(Timestamp::from_millis))
}
