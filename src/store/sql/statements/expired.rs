//! What expires, and deleting it step by step.

use sea_orm::ConnectionTrait;

use super::write::{Key, Single};
use crate::store::StoreResult;
use crate::store::sql::db::codec::hour;
use crate::store::sql::db::execute;
use crate::support::Timestamp;

/// The most rows of one table that one step deletes, so that other writes need not wait for long.
pub(crate) const STEP: u64 = 1000;

/// A table whose rows expire.
#[derive(Debug)]
pub(crate) struct Expiring {
    table: &'static str,
    /// The columns of its primary key.
    key: &'static str,
    /// The condition that a row has expired; `$1` is the present, `$2` the hour it is in.
    expired: &'static str,
}

/// Every table whose rows expire.
pub(crate) const TABLES: &[Expiring] = &[
    Expiring { table: "grants", key: "id", expired: "purge_hour <= $2 AND expires_at <= $1" },
    Expiring { table: "records", key: "kind, key", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "used_values", key: "value", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "revoked_tokens", key: "jti", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "throttles", key: "key", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "ended_sign_ins", key: "id", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "refusals", key: "id", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "webhook_messages", key: "id", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "mails", key: "id", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "counts", key: "resolution, measure, begins_at, label", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "active_people", key: "begins_at", expired: "expires_at <= $1 AND $2 = $2" },
    Expiring { table: "one_time_tokens", key: "id", expired: "expires_at <= $1 AND $2 = $2" },
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
        let Expiring { table, key, expired } = self.expiring;
        let sql =
            format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {expired} LIMIT {STEP})");
        Ok(execute(db, &sql, vec![self.now.millis().into(), hour(self.now).into()]).await?)
    }
}
