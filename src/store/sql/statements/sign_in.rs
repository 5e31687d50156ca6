//! Sign-ins: which were ended, and whether one still counts.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::lookup::LookUp;
use crate::model::user::UserStatus;
use crate::store::SignInStatus;
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

/// Looks up whether a sign-in of an account still counts. Of an account that is not there, there is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindSignInStatus {
    pub(crate) user: UserId,
    pub(crate) sign_in: SignInId,
}

impl LookUp for FindSignInStatus {
    type Found = SignInStatus;

    async fn look_up<C: ConnectionTrait>(db: &C, wanted: &[Self]) -> Result<HashMap<Self, SignInStatus>, DbErr> {
        let rows =
            Rows::new(wanted.iter().map(|Self { user, sign_in }| {
                vec![user.as_bytes().to_vec().into(), sign_in.as_bytes().to_vec().into()]
            }));
        let sql = |list: &str, _: &str| {
            format!(
                "SELECT column1, column2, active, not_before, \
                 EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = column2) AS ended \
                 FROM ({list}) AS wanted CROSS JOIN users WHERE users.id = column1"
            )
        };
        rows::select(db, rows, sql).await?.iter().map(status_of).collect()
    }
}

fn status_of(row: &QueryResult) -> Result<(FindSignInStatus, SignInStatus), DbErr> {
    let (user, sign_in): (Vec<u8>, Vec<u8>) = (row.try_get("", "column1")?, row.try_get("", "column2")?);
    let active: bool = row.try_get("", "active")?;
    let status = SignInStatus {
        status: if active { UserStatus::Active } else { UserStatus::Disabled },
        not_before: Timestamp::from_millis(row.try_get("", "not_before")?),
        ended: row.try_get("", "ended")?,
    };
    let (user, sign_in) = (UserId::from_bytes(id_of_row(&user)?), SignInId::from_bytes(id_of_row(&sign_in)?));
    Ok((FindSignInStatus { user, sign_in }, status))
}
