//! Clients.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::model::client::{Client, ClientId};
use crate::model::epoch::Epoch;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::entity::client;
use crate::store::sql::db::execute;
use crate::store::sql::db::page::page;
use crate::store::{Conflict, Page, StoreError, StoreResult};

/// How many clients are looked through at a time for an origin.
const SCAN: u32 = 500;

/// The client of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<Option<Client>> {
    client::Entity::find_by_id(id.as_str()).one(db).await?.map(Client::try_from).transpose()
}

/// Clients by id, after `after`.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    after: Option<&ClientId>,
    limit: u32,
) -> StoreResult<Page<Client>> {
    let mut query = client::Entity::find().order_by_asc(client::Column::Id).limit(u64::from(limit) + 1);
    if let Some(after) = after {
        query = query.filter(client::Column::Id.gt(after.as_str()));
    }
    page(query.all(db).await?, limit, Client::try_from)
}

/// Whether an enabled client has a redirect URI of this origin.
pub(crate) async fn any_allows_origin<C: ConnectionTrait>(db: &C, origin: &str) -> StoreResult<bool> {
    let mut after = None;
    loop {
        let page = list(db, after.as_ref(), SCAN).await?;
        if page.items.iter().any(|client| client.enabled && client.allows_origin(origin)) {
            return Ok(true);
        }
        match page.items.into_iter().last() {
            Some(last) if page.more => after = Some(last.id),
            _ => return Ok(false),
        }
    }
}

/// Adds a client.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, client: &Client) -> StoreResult<()> {
    let row = client::ActiveModel::from(model_of(client, client.version)?);
    client::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces a client.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, client: &Client) -> StoreResult<()> {
    let row = model_of(client, client.version + 1)?;
    let sql = "UPDATE clients SET enabled = $3, version = version + 1, document = $4, epoch = $5 \
               WHERE id = $1 AND version = $2";
    let values = vec![row.id.into(), client.version.into(), row.enabled.into(), row.document.into(), row.epoch.into()];
    match execute(db, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Deletes a client with its consents and grants.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<()> {
    execute(db, "DELETE FROM grants WHERE client_id = $1", vec![id.as_str().into()]).await?;
    execute(db, "DELETE FROM clients WHERE id = $1", vec![id.as_str().into()]).await?;
    Ok(())
}

fn model_of(client: &Client, version: i64) -> StoreResult<client::Model> {
    let stored = Client { version, ..client.clone() };
    Ok(client::Model {
        id: client.id.as_str().to_owned(),
        enabled: client.enabled,
        version,
        document: serde_json::to_string(&stored).map_err(unreadable("client"))?,
        epoch: client.epoch.count(),
    })
}

impl TryFrom<client::Model> for Client {
    type Error = StoreError;

    fn try_from(row: client::Model) -> StoreResult<Self> {
        let client: Self = serde_json::from_str(&row.document).map_err(unreadable("client"))?;
        if client.id.as_str() != row.id {
            return Err(corrupt("client: the document has another id"));
        }
        Ok(Self { epoch: Epoch::from_count(row.epoch), ..client })
    }
}
