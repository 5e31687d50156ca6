//! The custom attributes that are declared.

use sea_orm::{ConnectionTrait, QueryResult};

use super::affiliation::count_up;
use crate::model::attribute::{AttributeDefinition, Definitions};
use crate::store::sql::db::codec::unreadable;
use crate::store::sql::db::{execute, query_all};
use crate::store::{Conflict, StoreError, StoreResult};

/// All of them.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> StoreResult<Definitions> {
    let rows = query_all(db, "SELECT document FROM attributes", vec![]).await?;
    Ok(Definitions::new(rows.iter().map(definition_of).collect::<StoreResult<_>>()?))
}

fn definition_of(row: &QueryResult) -> StoreResult<AttributeDefinition> {
    let document: String = row.try_get("", "document")?;
    serde_json::from_str(&document).map_err(unreadable("attribute"))
}

/// Adds one: `Taken` where there is one of its name.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, definition: &AttributeDefinition) -> StoreResult<()> {
    let sql = "INSERT INTO attributes (name, version, document) VALUES ($1, $2, $3)";
    let document = serde_json::to_string(definition).map_err(unreadable("attribute"))?;
    execute(db, sql, vec![definition.name.as_str().into(), definition.version.into(), document.into()]).await?;
    count_up(db).await
}

/// Replaces one whose stored version is `version`.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, definition: &AttributeDefinition) -> StoreResult<()> {
    let next = AttributeDefinition { version: definition.version + 1, ..definition.clone() };
    let document = serde_json::to_string(&next).map_err(unreadable("attribute"))?;
    let sql = "UPDATE attributes SET version = version + 1, document = $3 WHERE name = $1 AND version = $2";
    let values = vec![definition.name.as_str().into(), definition.version.into(), document.into()];
    unless_stale(execute(db, sql, values).await?)?;
    count_up(db).await
}

/// Takes one away.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, name: &str) -> StoreResult<()> {
    unless_stale(execute(db, "DELETE FROM attributes WHERE name = $1", vec![name.into()]).await?)?;
    count_up(db).await
}

fn unless_stale(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}
