//! Connections to upstream providers.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::ending::{self, Ended};
use super::upstream_link;
use crate::model::connection::{Connection, Slug};
use crate::model::epoch::Epoch;
use crate::model::upstream_link::UpstreamLink;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::entity::connection;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::ConnectionId;

/// The connection of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: ConnectionId) -> StoreResult<Option<Connection>> {
    let there = connection::Entity::find_by_id(id.as_bytes().to_vec()).filter(connection::Column::Deleted.eq(false));
    there.one(db).await?.map(Connection::try_from).transpose()
}

/// The connection of this slug.
pub(crate) async fn find_by_slug<C: ConnectionTrait>(db: &C, slug: &Slug) -> StoreResult<Option<Connection>> {
    let same = connection::Column::Slug.eq(slug.as_str());
    connection::Entity::find().filter(same).one(db).await?.map(Connection::try_from).transpose()
}

/// Every connection in the order of the buttons, at most 200.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> StoreResult<Vec<Connection>> {
    let there = connection::Entity::find().filter(connection::Column::Deleted.eq(false));
    let rows = there.limit(200).all(db).await?;
    let mut all = rows.into_iter().map(Connection::try_from).collect::<StoreResult<Vec<_>>>()?;
    all.sort_by(|a, b| (a.position, &a.slug).cmp(&(b.position, &b.slug)));
    Ok(all)
}

/// A link as it is stored: without the provider's tokens where the connection keeps none now, whatever it did when they came.
pub(crate) async fn link_to_store<C: ConnectionTrait>(db: &C, link: &UpstreamLink) -> StoreResult<UpstreamLink> {
    let mut link = link.clone();
    if link.tokens.is_some() && !find(db, link.identity.connection).await?.is_some_and(|found| found.keep_tokens) {
        link.tokens = None;
    }
    Ok(link)
}

/// Adds a connection.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, connection: &Connection) -> StoreResult<()> {
    let row = connection::ActiveModel::from(model_of(connection, connection.version)?);
    connection::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces a connection. Its slug stays: providers know it, and one that was deleted has none. Its epoch never goes back.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, connection: &Connection) -> StoreResult<()> {
    let row = model_of(connection, connection.version + 1)?;
    note_end(db, connection.id, row.epoch).await?;
    let sql = "UPDATE connections SET enabled = $4, version = version + 1, document = $5, epoch = $6 \
               WHERE id = $1 AND version = $2 AND slug = $3 AND epoch <= $6";
    let values = vec![
        row.id.into(),
        connection.version.into(),
        row.slug.into(),
        row.enabled.into(),
        row.document.into(),
        row.epoch.into(),
    ];
    match execute(db, sql, values).await? {
        1 if connection.keep_tokens => Ok(()),
        1 => upstream_link::forget_tokens(db, connection.id).await,
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Deletes a connection: its row stays, switched off, without its secrets, and under a name that is no slug, so that what came through it can
/// be told. The caller holds the server's row, so it is not changed in between.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: ConnectionId, ends: bool) -> StoreResult<()> {
    let Some(connection) = find(db, id).await? else { return Ok(()) };
    let epoch = if ends { connection.epoch.next() } else { connection.epoch };
    let row =
        model_of(&Connection { enabled: false, secrets: Vec::new(), epoch, ..connection }, connection.version + 1)?;
    let sql = "UPDATE connections SET deleted = TRUE, enabled = FALSE, slug = $2, version = version + 1, document = $3, \
               epoch = $4 WHERE id = $1";
    let name = format!("~{id}");
    execute(db, sql, vec![row.id.into(), name.into(), row.document.into(), row.epoch.into()]).await?;
    ending::note(db, Ended::Connection(id)).await
}

/// Notes that what came through it in the epochs before this one is dead, if it is one that begins.
async fn note_end<C: ConnectionTrait>(db: &C, id: ConnectionId, epoch: i64) -> StoreResult<()> {
    let key = vec![id.as_bytes().to_vec().into()];
    let before = query_one(db, "SELECT epoch FROM connections WHERE id = $1", key).await?;
    let before = before.map(|row| row.try_get::<i64>("", "epoch")).transpose()?;
    if before.is_some_and(|before| before != epoch) { ending::note(db, Ended::Connection(id)).await } else { Ok(()) }
}

fn model_of(connection: &Connection, version: i64) -> StoreResult<connection::Model> {
    let stored = Connection { version, ..connection.clone() };
    Ok(connection::Model {
        id: connection.id.as_bytes().to_vec(),
        slug: connection.slug.as_str().to_owned(),
        enabled: connection.enabled,
        version,
        document: serde_json::to_string(&stored).map_err(unreadable("connection"))?,
        epoch: connection.epoch.count(),
        deleted: false,
    })
}

impl TryFrom<connection::Model> for Connection {
    type Error = StoreError;

    fn try_from(row: connection::Model) -> StoreResult<Self> {
        let connection: Self = serde_json::from_str(&row.document).map_err(unreadable("connection"))?;
        let same = connection.id.as_bytes()[..] == row.id[..];
        if !same {
            return Err(corrupt("connection: the document has another id"));
        }
        Ok(Self { epoch: Epoch::from_count(row.epoch), ..connection })
    }
}
