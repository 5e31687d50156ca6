//! Sign-ins: which were ended, and whether one still counts.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::grant::link_removed;
use super::lookup::LookUp;
use super::server::EPOCH;
use crate::model::epoch::{AccountEpochs, Epoch};
use crate::model::session::EndMarks;
use crate::model::user::UserStatus;
use crate::store::SignInStatus;
use crate::store::sql::db::codec::id_of_row;
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, Rows};
use crate::support::Timestamp;
use crate::support::id::{ConnectionId, LinkId, SignInId, UserId};

/// What came of ending a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It ended by this.
    Fresh,
    /// It had ended before.
    Remembered,
}

/// Ends a sign-in, or all that rest on a provider's session, which is remembered for as long as the latest `until` says. The request that inserts the row
/// ended it.
pub(crate) async fn end<C: ConnectionTrait>(db: &C, id: SignInId, until: Timestamp) -> Result<End, DbErr> {
    let values = || vec![id.as_bytes().to_vec().into(), until.millis().into()];
    let sql = "INSERT INTO ended_sign_ins (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    if execute(db, sql, values()).await? > 0 {
        return Ok(End::Fresh);
    }
    let sql = "UPDATE ended_sign_ins SET expires_at = $2 WHERE id = $1 AND expires_at < $2";
    execute(db, sql, values()).await?;
    Ok(End::Remembered)
}

/// Looks up what a sign-in of an account rests on. Of an account that is not there, there is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindSignInStatus {
    pub(crate) user: UserId,
    pub(crate) sign_in: EndMarks,
    /// The connection that the end-user authenticated through.
    pub(crate) connection: Option<ConnectionId>,
    /// The link that led to the account.
    pub(crate) link: Option<LinkId>,
}

impl LookUp for FindSignInStatus {
    type Found = SignInStatus;

    async fn look_up<C: ConnectionTrait>(db: &C, wanted: &[Self]) -> Result<HashMap<Self, SignInStatus>, DbErr> {
        let rows = Rows::new(wanted.iter().map(|Self { user, sign_in: EndMarks { own, there }, connection, link }| {
            let connection = connection.map(|id| id.as_bytes().to_vec());
            let link = link.map(|id| id.as_bytes().to_vec());
            let there = there.map(|id| id.as_bytes().to_vec());
            let (user, own) = (user.as_bytes().to_vec(), own.as_bytes().to_vec());
            vec![user.into(), own.into(), connection.into(), link.into(), there.into()]
        }));
        let unlinked = link_removed("column3", "column4");
        let sql = |list: &str, _: &str| {
            format!(
                "SELECT column1, column2, column3, column4, column5, active, epoch, {unlinked} AS unlinked, \
                 {EPOCH} AS server_epoch, \
                 (SELECT epoch FROM connections WHERE connections.id = column3) AS connection_epoch, \
                 EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id IN (column2, column5)) AS ended \
                 FROM ({list}) AS wanted CROSS JOIN users WHERE users.id = column1 AND NOT users.deleted"
            )
        };
        rows::select(db, rows, sql).await?.iter().map(status_of).collect()
    }
}

fn status_of(row: &QueryResult) -> Result<(FindSignInStatus, SignInStatus), DbErr> {
    let (user, own): (Vec<u8>, Vec<u8>) = (row.try_get("", "column1")?, row.try_get("", "column2")?);
    let connection: Option<Vec<u8>> = row.try_get("", "column3")?;
    let connection_epoch: Option<i64> = row.try_get("", "connection_epoch")?;
    let active: bool = row.try_get("", "active")?;
    let status = SignInStatus {
        status: if active { UserStatus::Active } else { UserStatus::Disabled },
        epochs: AccountEpochs {
            account: Epoch::from_count(row.try_get("", "epoch")?),
            server: Epoch::from_count(row.try_get("", "server_epoch")?),
        },
        connection_epoch: connection_epoch.map(Epoch::from_count),
        unlinked: row.try_get("", "unlinked")?,
        ended: row.try_get("", "ended")?,
    };
    let there: Option<Vec<u8>> = row.try_get("", "column5")?;
    let there = there.as_deref().map(id_of_row).transpose()?.map(SignInId::from_bytes);
    let user = UserId::from_bytes(id_of_row(&user)?);
    let sign_in = EndMarks { own: SignInId::from_bytes(id_of_row(&own)?), there };
    let connection = connection.as_deref().map(id_of_row).transpose()?.map(ConnectionId::from_bytes);
    let link: Option<Vec<u8>> = row.try_get("", "column4")?;
    let link = link.as_deref().map(id_of_row).transpose()?.map(LinkId::from_bytes);
    Ok((FindSignInStatus { user, sign_in, connection, link }, status))
}
