//! Adding grants.

use sea_orm::{ConnectionTrait, IdenStatic, Iterable, Value};

use super::epochs::EpochColumns;
use super::ticket::TicketColumns;
use crate::model::grant::Grant;
use crate::store::StoreResult;
use crate::store::sql::db::codec::{hour, unreadable};
use crate::store::sql::db::entity::grant;
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::statements::write::{Key, Mergeable};
use crate::support::Timestamp;
use crate::support::id::GrantId;

/// Adds a grant; answers whether its id was free, its epochs still those of what it rests on, and its sign-in not ended.
#[derive(Debug)]
pub(crate) struct InsertGrant {
    id: GrantId,
    /// In the order of the table's columns.
    values: Vec<Value>,
}

impl InsertGrant {
    /// Adds this grant.
    pub(crate) fn new(grant: &Grant) -> StoreResult<Self> {
        let (ticket, refresh, epochs) =
            (TicketColumns::of(grant.ticket.as_ref()), grant.refresh.as_ref(), &grant.epochs);
        let values = vec![
            grant.id.as_bytes().to_vec().into(),
            grant.user.as_bytes().to_vec().into(),
            grant.client.as_str().into(),
            grant.sign_in.map(|id| id.as_bytes().to_vec()).unwrap_or_default().into(),
            grant.is_offline().into(),
            serde_json::to_string(&grant.terms).map_err(unreadable("grant"))?.into(),
            ticket.digest.into(),
            ticket.redirect_uri.into(),
            ticket.challenge.into(),
            ticket.expires_at.into(),
            ticket.used_at.into(),
            refresh.map(|slot| i64::from(slot.generation)).into(),
            refresh.map(|slot| slot.current.as_bytes().to_vec()).into(),
            refresh.and_then(|slot| slot.previous).map(|digest| digest.as_bytes().to_vec()).into(),
            refresh.map(|slot| slot.rotated_at.millis()).into(),
            refresh.map(|slot| slot.expires_at.millis()).into(),
            grant.created_at.millis().into(),
            grant.expires_at.millis().into(),
            hour(grant.expires_at).into(),
            grant.revoked_at.map(Timestamp::millis).into(),
            epochs.user.count().into(),
            epochs.client.count().into(),
            epochs.connection.map(|of| of.connection.as_bytes().to_vec()).into(),
            epochs.connection.map(|of| of.epoch.count()).into(),
            ticket.kind.into(),
            grant.source.map(|id| id.as_bytes().to_vec()).into(),
            epochs.consent.count().into(),
            epochs.connection.and_then(|of| of.link).map(|id| id.as_bytes().to_vec()).into(),
            epochs.server.count().into(),
        ];
        Ok(Self { id: grant.id, values })
    }

    /// The table's columns, in the order of its rows.
    pub(crate) fn columns() -> Vec<&'static str> {
        grant::Column::iter().map(|column| column.as_str()).collect()
    }

    /// The grant as a row.
    pub(crate) fn into_row(self) -> Vec<Value> {
        self.values
    }
}

impl Mergeable for InsertGrant {
    type Output = bool;

    const IS_ONE_TOGETHER: bool = true;

    fn key(&self) -> Option<Key> {
        Some(self.id.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, reporting: Reporting, grants: &[&Self]) -> StoreResult<Vec<bool>> {
        let columns = Self::columns().join(", ");
        let current = columns_of_list().are_current();
        let rows = Rows::new(grants.iter().map(|row| row.values.clone()));
        let added = rows::change(db, reporting, rows, "id", |list, _| {
            format!(
                "INSERT INTO grants ({columns}) SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL AND {current} \
                 AND NOT EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = column4) \
                 ON CONFLICT (id) DO NOTHING"
            )
        })
        .await?;
        Ok(grants.iter().map(|grant| added.contains(grant.id.as_bytes())).collect())
    }
}

/// Where the epochs are in a list of grants: the order is that of the table's columns.
fn columns_of_list() -> EpochColumns {
    let column = |wanted: grant::Column| {
        let at = grant::Column::iter().take_while(|column| column.as_str() != wanted.as_str()).count();
        format!("column{}", at + 1)
    };
    EpochColumns {
        user: column(grant::Column::UserId),
        client: column(grant::Column::ClientId),
        user_epoch: column(grant::Column::UserEpoch),
        server_epoch: column(grant::Column::ServerEpoch),
        client_epoch: column(grant::Column::ClientEpoch),
        consent_epoch: column(grant::Column::ConsentEpoch),
        connection: column(grant::Column::ConnectionId),
        connection_epoch: column(grant::Column::ConnectionEpoch),
        link: column(grant::Column::LinkId),
    }
}
