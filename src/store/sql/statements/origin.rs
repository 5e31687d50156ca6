//! The origins of clients: which of them a browser page may call on behalf of.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, Value};

use super::client_document::{AT_ONCE, behind, read};
use super::write::{Extent, Key, Single};
use crate::model::client::{Client, ClientId};
use crate::store::StoreResult;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::{execute, query_all, query_one};

/// An enabled client that a page of this origin may call on behalf of. Asked by two indexes: what was written down, and the few clients of which it was not.
pub(crate) async fn client_of<C: ConnectionTrait>(db: &C, origin: &str) -> StoreResult<Option<ClientId>> {
    let rows = query_all(db, &owners(), vec![origin.into()]).await?;
    for row in rows {
        let (id, document): (String, Option<String>) = (row.try_get("", "id")?, row.try_get("", "document")?);
        let is_of = document.is_none_or(|text| read(&id, &text).is_some_and(|client| client.allows_origin(origin)));
        if is_of {
            return ClientId::parse(&id).map(Some).map_err(|_| corrupt("client: an id that is none"));
        }
    }
    Ok(None)
}

fn owners() -> String {
    format!(
        "SELECT * FROM (SELECT clients.id AS id, NULL AS document FROM client_origins \
         JOIN clients ON clients.id = client_origins.client_id \
         WHERE client_origins.origin = $1 AND clients.enabled AND NOT clients.deleted AND clients.origins_version = clients.version \
         LIMIT 1) AS known UNION ALL SELECT * FROM (SELECT id, document FROM clients \
         WHERE origins_version <> version AND enabled AND NOT deleted ORDER BY id LIMIT {AT_ONCE}) AS unknown"
    )
}

/// Writes the origins of a client down in the place of those that it had. Its row is the caller's by then.
pub(super) async fn replace<C: ConnectionTrait>(db: &C, client: &Client) -> StoreResult<()> {
    delete_of_client(db, &client.id).await?;
    for row in rows_of(client) {
        let sql = "INSERT INTO client_origins (origin, client_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        execute(db, sql, row).await?;
    }
    Ok(())
}

/// The columns of an origin.
pub(super) const COLUMNS: [&str; 2] = ["origin", "client_id"];

/// The origins of a client as rows, each once.
pub(super) fn rows_of(client: &Client) -> Vec<Vec<Value>> {
    let origins: BTreeSet<String> = client.origins().collect();
    origins.into_iter().map(|origin| vec![origin.into(), client.id.as_str().into()]).collect()
}

/// Forgets the origins of a client.
pub(super) async fn delete_of_client<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<()> {
    execute(db, "DELETE FROM client_origins WHERE client_id = $1", vec![id.as_str().into()]).await?;
    Ok(())
}

/// Writes the origins of some clients down of which they are missing; answers whether there were any.
#[derive(Debug)]
pub(crate) struct WriteMissing;

impl Single for WriteMissing {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let rows = behind(db, "origins_version").await?;
        for (id, version, document) in &rows {
            // First, so that the row is ours until the end: where the client changed meanwhile, that wrote down what is so now.
            // One that a node of an older release deleted gets the versions that it has where this one does.
            let sql = "UPDATE clients SET origins_version = CASE WHEN deleted THEN -1 ELSE version END, \
                       known_by_version = CASE WHEN deleted THEN -1 ELSE known_by_version END, \
                       version = CASE WHEN deleted THEN -1 ELSE version END \
                       WHERE id = $1 AND version = $2 RETURNING deleted";
            let Some(taken) = query_one(db, sql, vec![id.clone().into(), (*version).into()]).await? else { continue };
            let Some(client) = read(id, document) else { continue };
            if taken.try_get("", "deleted")? {
                delete_of_client(db, &client.id).await?;
            } else {
                replace(db, &client).await?;
            }
        }
        Ok(!rows.is_empty())
    }
}
