//! Deleting grants that have expired.
//!
//! A grant lives on with every refresh, and an index on that instant would be written each time. So the column `purge_hour`, which has the index, is
//! the hour after which a sweep looks at the row: written with the grant, and moved by a sweep that finds it alive. A refresh touches no index.

use sea_orm::ConnectionTrait;

use crate::store::StoreResult;
use crate::store::sql::db::codec::{HOUR, hour};
use crate::store::sql::db::{execute, query_one};
use crate::store::sql::statements::expired::next_of;
use crate::store::sql::statements::write::{Extent, Key, Single};
use crate::support::Timestamp;

/// Looks at the next grants whose hour is over: those that have expired go, and the others are looked at again after the hour in which they
/// will have. Answers how many it looked at.
#[derive(Debug)]
pub(crate) struct PurgeGrants {
    pub(crate) now: Timestamp,
}

impl Single for PurgeGrants {
    type Output = u64;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<u64> {
        let next = next_of(("grants", "id"), "purge_hour < $1 ORDER BY purge_hour", db.get_database_backend());
        let due = format!("{next} AND purge_hour + 0 < $1");
        let values = || vec![hour(self.now).into(), self.now.millis().into()];
        let put_off = format!("UPDATE grants SET purge_hour = expires_at / {HOUR} WHERE {due} AND expires_at > $2");
        let alive = execute(db, &put_off, values()).await?;
        let gone = execute(db, &format!("DELETE FROM grants WHERE {due} AND expires_at <= $2"), values()).await?;
        Ok(alive + gone)
    }
}

/// When the hour was over of the grant that is looked at next, where it is over.
pub(crate) async fn first_due<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<Option<Timestamp>> {
    let row = query_one(db, "SELECT MIN(purge_hour) AS first FROM grants", vec![]).await?;
    let first: Option<i64> = row.map(|row| row.try_get("", "first")).transpose()?.flatten();
    let over = first.map(|hour| Timestamp::from_millis((hour + 1) * HOUR));
    Ok(over.filter(|over| *over <= now))
}
