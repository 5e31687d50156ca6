//! Clients.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::containing::searchable;
use super::ending::{self, Ended};
use super::write::{Key, Single};
use super::{affiliation, claim_rule, client_search, delegation, logo, origin};
use crate::model::client::{Client, ClientId, SeenLogin};
use crate::model::epoch::Epoch;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::entity::client;
use crate::store::sql::db::page::page;
use crate::store::sql::db::{execute, query_one};
use crate::store::{ClientOrder, Conflict, Page, StoreError, StoreResult};
use crate::support::Digest;

/// How many clients are looked through at a time.
const SCAN: u32 = 500;

/// The client of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<Option<Client>> {
    let there = client::Entity::find_by_id(id.as_str()).filter(client::Column::Deleted.eq(false));
    there.one(db).await?.map(Client::try_from).transpose()
}

/// Clients by id, after `after`.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    after: Option<&ClientId>,
    limit: u32,
) -> StoreResult<Page<Client>> {
    let mut query = client::Entity::find().filter(client::Column::Deleted.eq(false));
    query = query.order_by_asc(client::Column::Id).limit(u64::from(limit) + 1);
    if let Some(after) = after {
        query = query.filter(client::Column::Id.gt(after.as_str()));
    }
    page(query.all(db).await?, limit, Client::try_from)
}

/// What a client is looked for by.
fn names(client: &Client) -> String {
    let shown = &client.presentation;
    let names = std::iter::once(shown.name.as_str()).chain(shown.names.values().map(String::as_str));
    let addresses = client.redirects.uris.iter().map(RegisteredRedirectUri::as_str);
    let resources = client.policy.resources.iter().map(Resource::as_str);
    let all = std::iter::once(client.id.as_str()).chain(names).chain(addresses).chain(resources);
    searchable(&all.collect::<Vec<_>>().join("\n"))
}

/// Whether any client may ask tokens for a resource.
pub(super) async fn any_asks_for<C: ConnectionTrait>(db: &C, resource: &Resource) -> StoreResult<bool> {
    let mut order = ClientOrder::default();
    loop {
        let page = client_search::search(db, Some(resource.stem()), &order, SCAN).await?;
        if page.items.iter().any(|client| client.may_ask_for(resource)) {
            return Ok(true);
        }
        match page.items.last() {
            Some(last) if page.more => order = order.after(last),
            _ => return Ok(false),
        }
    }
}

/// The logins that are remembered of a client, the newest last.
pub(crate) async fn seen_logins<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<Vec<SeenLogin>> {
    let sql = "SELECT logins FROM clients WHERE id = $1 AND NOT deleted";
    let Some(row) = query_one(db, sql, vec![id.as_str().into()]).await? else { return Ok(Vec::new()) };
    let letters: String = row.try_get("", "logins")?;
    let read = |letter| SeenLogin::of_letter(letter).ok_or_else(|| corrupt("client: a login of no known kind"));
    letters.chars().map(read).collect()
}

/// Adds logins to those that are remembered of a client, where it is in this epoch.
#[derive(Debug)]
pub(crate) struct NoteLogins {
    pub(crate) id: ClientId,
    pub(crate) epoch: Epoch,
    /// At most as many as are remembered.
    pub(crate) logins: Vec<SeenLogin>,
}

impl Single for NoteLogins {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(Digest::of("client_logins", self.id.as_str().as_bytes()).into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        // In the statement, so that nodes which add some at once lose none of either.
        let most = SeenLogin::REMEMBERED;
        let sql = format!(
            "UPDATE clients SET logins = substr(logins || $3, \
             CASE WHEN length(logins || $3) > {most} THEN length(logins || $3) - {most} + 1 ELSE 1 END) \
             WHERE id = $1 AND epoch = $2 AND NOT deleted"
        );
        let letters: String = self.logins.iter().map(|login| login.letter()).collect();
        execute(db, &sql, vec![self.id.as_str().into(), self.epoch.count().into(), letters.into()]).await?;
        Ok(())
    }
}

/// Adds a client. Where one of this id was deleted, its row is taken over and its epoch goes on: nothing from before counts for the new one.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, client: &Client) -> StoreResult<()> {
    let sql = format!(
        "INSERT INTO clients ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, version = excluded.version, \
         document = excluded.document, epoch = clients.epoch + 1, born_epoch = clients.epoch + 1, deleted = FALSE, logins = '', \
         known_by = excluded.known_by, known_by_version = excluded.version, origins_version = excluded.version, \
         order_version = excluded.version, name_key = excluded.name_key, created_at = excluded.created_at, updated_at = excluded.updated_at \
         WHERE clients.deleted",
        COLUMNS.join(", ")
    );
    if execute(db, &sql, row_of(client)?).await? != 1 {
        return Err(StoreError::Conflict(Conflict::Taken));
    }
    // A node of a release that knows nothing of these may have deleted the one before, and left them.
    delegation::delete_of_client(db, &client.id).await?;
    origin::replace(db, client).await
}

/// The columns of a client that [`row_of`] fills.
#[rustfmt::skip]
pub(super) const COLUMNS: [&str; 12] = [
    "id", "enabled", "version", "document", "epoch", "known_by", "known_by_version", "origins_version", "order_version",
    client_search::COLUMNS[0], client_search::COLUMNS[1], client_search::COLUMNS[2],
];

/// A client as a row, with what it is found by in the version that it is in.
pub(super) fn row_of(client: &Client) -> StoreResult<Vec<Value>> {
    let row = model_of(client, client.version)?;
    let mut values: Vec<Value> = vec![
        row.id.into(),
        row.enabled.into(),
        row.version.into(),
        row.document.into(),
        row.epoch.into(),
        names(client).into(),
        row.version.into(),
        row.version.into(),
        row.version.into(),
    ];
    values.extend(client_search::values_of(client));
    Ok(values)
}

/// Replaces a client. Its epoch never goes back.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, client: &Client) -> StoreResult<()> {
    let row = model_of(client, client.version + 1)?;
    note_end(db, &client.id, row.epoch).await?;
    let sql = "UPDATE clients SET enabled = $3, version = version + 1, document = $4, epoch = $5, known_by = $6, known_by_version = version + 1, \
               origins_version = version + 1, order_version = version + 1, name_key = $7, created_at = $8, updated_at = $9 \
               WHERE id = $1 AND version = $2 AND epoch <= $5 AND NOT deleted";
    let mut values: Vec<Value> = vec![
        row.id.into(),
        client.version.into(),
        row.enabled.into(),
        row.document.into(),
        row.epoch.into(),
        names(client).into(),
    ];
    values.extend(client_search::values_of(client));
    match execute(db, sql, values).await? {
        1 => origin::replace(db, client).await,
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Deletes a client: its row stays, switched off and without its secrets, in an epoch that nothing was made in. The caller holds the server's
/// row, so it is not changed in between. What was written down beside it is of a version that no client has: a node of a release that knows nothing
/// of that may register it again, from the first version on, and would come to the one that it was of. The row's own version is that one too, which keeps it out
/// of the index of what is missing.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<()> {
    let Some(mut client) = find(db, id).await? else { return Ok(()) };
    client.enabled = false;
    client.epoch = client.epoch.next();
    client.authentication.secrets.clear();
    update(db, &client).await?;
    let sql = "UPDATE clients SET deleted = TRUE, version = -1, known_by_version = -1, origins_version = -1, order_version = -1 \
               WHERE id = $1";
    execute(db, sql, vec![id.as_str().into()]).await?;
    origin::delete_of_client(db, id).await?;
    affiliation::delete_of_client(db, id).await?;
    delegation::delete_of_client(db, id).await?;
    logo::delete_of_client(db, id).await?;
    claim_rule::delete_of_client(db, id).await
}

/// Lets no consent of before the client's epoch count, as if it was registered anew. Their rows go with what else ended with that epoch.
pub(crate) async fn forget_consents<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<()> {
    let sql = "UPDATE clients SET born_epoch = epoch WHERE id = $1 AND NOT deleted";
    execute(db, sql, vec![id.as_str().into()]).await?;
    Ok(())
}

/// Notes that what was made in the epochs before this one is dead, if it is one that begins.
async fn note_end<C: ConnectionTrait>(db: &C, id: &ClientId, epoch: i64) -> StoreResult<()> {
    let before = query_one(db, "SELECT epoch FROM clients WHERE id = $1", vec![id.as_str().into()]).await?;
    let before = before.map(|row| row.try_get::<i64>("", "epoch")).transpose()?;
    if before.is_some_and(|before| before != epoch) { ending::note(db, Ended::Client(id)).await } else { Ok(()) }
}

fn model_of(client: &Client, version: i64) -> StoreResult<client::Model> {
    let stored = Client { version, ..client.clone() };
    Ok(client::Model {
        id: client.id.as_str().to_owned(),
        enabled: client.enabled,
        version,
        document: serde_json::to_string(&stored).map_err(unreadable("client"))?,
        epoch: client.epoch.count(),
        deleted: false,
        born_epoch: 0,
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
