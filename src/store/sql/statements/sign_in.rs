//! Sign-ins: which were ended, and whether one still counts.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::model::user::UserStatus;
use crate::store::Standing;
use crate::store::sql::db::codec::id_of_row;
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, Rows};
use crate::support::Timestamp;
use crate::support::id::{SignInId, UserId};

/// Ends a sign-in, which is remembered for as long as the latest `until` says.
pub(crate) async fn end<C: ConnectionTrait>(db: &C, id: SignInId, until: Timestamp) -> Result<u64, DbErr> {
    let sql = "INSERT INTO ended_sign_ins (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE \
               SET expires_at = excluded.expires_at WHERE ended_sign_ins.expires_at < excluded.expires_at";
    execute(db, sql, vec![id.as_bytes().to_vec().into(), until.millis().into()]).await
}

/// Whether these sign-ins, each of an account, still count. An account that is not there has no entry.
pub(crate) async fn look_up_standing<C: ConnectionTrait>(
    db: &C,
    wanted: &[(UserId, SignInId)],
) -> Result<HashMap<(UserId, SignInId), Standing>, DbErr> {
    let rows =
        wanted.iter().map(|(user, sign_in)| vec![user.as_bytes().to_vec().into(), sign_in.as_bytes().to_vec().into()]);
    let sql = |list: &str, _: &str| {
        format!(
            "SELECT column1, column2, active, not_before, \
             EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = column2) AS ended \
             FROM ({list}) AS wanted CROSS JOIN users WHERE users.id = column1"
        )
    };
    let mut found = HashMap::with_capacity(wanted.len());
    for row in rows::select(db, Rows::new(rows), sql).await? {
        let (user, sign_in): (Vec<u8>, Vec<u8>) = (row.try_get("", "column1")?, row.try_get("", "column2")?);
        let active: bool = row.try_get("", "active")?;
        let standing = Standing {
            status: if active { UserStatus::Active } else { UserStatus::Disabled },
            not_before: Timestamp::from_millis(row.try_get("", "not_before")?),
            ended: row.try_get("", "ended")?,
        };
        let key = (UserId::from_bytes(id_of_row(&user)?), SignInId::from_bytes(id_of_row(&sign_in)?));
        found.insert(key, standing);
    }
    Ok(found)
}
