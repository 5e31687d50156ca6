//! Revoking grants.

use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::store::sql::db::execute;
use crate::store::sql::statements::write::{Key, Single};
use crate::store::{GrantFilter, StoreResult};
use crate::support::Timestamp;

/// Revokes the grants that match and are not revoked; answers how many.
#[derive(Debug)]
pub(crate) struct RevokeGrants {
    pub(crate) filter: GrantFilter,
    pub(crate) now: Timestamp,
}

impl Single for RevokeGrants {
    type Output = u64;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<u64> {
        Ok(revoke(db, &self.filter, self.now).await?)
    }
}

/// Revokes what matches and is not revoked.
pub(crate) async fn revoke<C: ConnectionTrait>(db: &C, filter: &GrantFilter, now: Timestamp) -> Result<u64, DbErr> {
    let (condition, mut values): (_, Vec<Value>) = match filter {
        GrantFilter::One(id) => ("(id = $1 OR source_id = $1)", vec![id.as_bytes().to_vec().into()]),
        GrantFilter::OfSignIn(id) => ("sign_in_id = $1 AND NOT offline", vec![id.as_bytes().to_vec().into()]),
    };
    values.push(now.millis().into());
    let at = values.len();
    let sql = format!("UPDATE grants SET revoked_at = ${at} WHERE {condition} AND revoked_at IS NULL");
    execute(db, &sql, values).await
}
