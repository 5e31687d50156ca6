//! The APIs that are declared.

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::client;
use crate::model::{Api, Apis};
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::ApiId;

/// All of them.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> StoreResult<Apis> {
    let rows = query_all(db, "SELECT id, version, document FROM apis", vec![]).await?;
    Ok(Apis::new(rows.iter().map(api).collect::<StoreResult<Vec<_>>>()?))
}

/// Adds one: `Taken` where another one is of its resource.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, api: &Api) -> StoreResult<()> {
    let sql = "INSERT INTO apis (id, resource, version, document) VALUES ($1, $2, $3, $4)";
    let resource = api.resource.normalized().into_owned();
    execute(db, sql, vec![bytes(api.id), resource.into(), api.version.into(), document(api)?.into()]).await?;
    Ok(())
}

/// Replaces one whose stored version is `version`.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, api: &Api) -> StoreResult<()> {
    let next = Api { version: api.version + 1, ..api.clone() };
    let sql = "UPDATE apis SET version = version + 1, document = $4 WHERE id = $1 AND resource = $2 AND version = $3";
    let resource = api.resource.normalized().into_owned();
    let values = vec![bytes(api.id), resource.into(), api.version.into(), document(&next)?.into()];
    unless_stale(execute(db, sql, values).await? == 1)
}

/// Takes one away that no client may ask tokens for. The caller holds the server's row, so no client begins to meanwhile.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: ApiId) -> StoreResult<()> {
    let found = query_one(db, "SELECT id, version, document FROM apis WHERE id = $1", vec![bytes(id)]).await?;
    let found = found.as_ref().map(api).transpose()?.ok_or(StoreError::Conflict(Conflict::Stale))?;
    unless_stale(!client::any_asks_for(db, &found.resource).await?)?;
    unless_stale(execute(db, "DELETE FROM apis WHERE id = $1", vec![bytes(id)]).await? == 1)
}

const fn unless_stale(done: bool) -> StoreResult<()> {
    if done { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

fn bytes(id: ApiId) -> Value {
    id.as_bytes().to_vec().into()
}

fn document(api: &Api) -> StoreResult<String> {
    serde_json::to_string(api).map_err(unreadable("api"))
}

fn api(row: &QueryResult) -> StoreResult<Api> {
    let (document, version): (String, i64) = (row.try_get("", "document")?, row.try_get("", "version")?);
    let api: Api = serde_json::from_str(&document).map_err(unreadable("api"))?;
    if api.id.as_bytes()[..] != row.try_get::<Vec<u8>>("", "id")?[..] {
        return Err(corrupt("api: the document has another id"));
    }
    Ok(Api { version, ..api })
}
