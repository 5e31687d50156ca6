//! Clients that act for themselves, with what they manage: looked up, given and taken.
//!
//! As with accounts ([`manager`](super::manager)) the rows are all that says so: they are read with the client in one statement, and giving one and taking it away
//! count as a change of the client, so that what was decided by an older look at it is stale.

use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Value};

use super::manager::{require_object, values_of};
use super::{client, delegation};
use crate::model::{Client, ClientId, Delegation, ServiceAccount};
use crate::store::sql::db::entity::client as entity;
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, MAX_DELEGATIONS, StoreError, StoreResult};

/// The client of this id with what it manages.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<Option<ServiceAccount>> {
    let sql = format!("SELECT {} FROM clients WHERE clients.id = $1 AND NOT clients.deleted", columns());
    let row = query_one(db, &sql, vec![id.as_str().into()]).await?;
    row.as_ref().map(read).transpose()
}

/// The clients that have one, by id.
pub(crate) async fn holders<C: ConnectionTrait>(db: &C, of: &Delegation) -> StoreResult<Vec<ServiceAccount>> {
    let sql = format!(
        "SELECT {} FROM client_delegations AS held JOIN clients ON clients.id = held.client_id \
         WHERE held.kind = $1 AND held.object_id = $2 AND NOT clients.deleted ORDER BY clients.id LIMIT {MAX_DELEGATIONS}",
        columns()
    );
    query_all(db, &sql, values_of(of)).await?.iter().map(read).collect()
}

fn columns() -> String {
    let columns = ["id", "enabled", "version", "document", "epoch", "deleted", "born_epoch"];
    let columns = columns.map(|name| format!("clients.{name} AS {name}")).join(", ");
    format!("{columns}, {} AS delegations", delegation::of_client("clients.id"))
}

fn read(row: &QueryResult) -> StoreResult<ServiceAccount> {
    let client = Client::try_from(entity::Model::from_query_result(row, "")?)?;
    let delegations: Option<String> = row.try_get("", "delegations")?;
    Ok(ServiceAccount { client, delegations: delegation::read(delegations.as_deref())? })
}

/// Gives a client one: `Stale` where the client or what it is over is not there, `Taken` where it has it, `Full` where it has as many as it may have, or as
/// many have this one.
pub(crate) async fn give<C: ConnectionTrait>(db: &C, id: &ClientId, of: &Delegation) -> StoreResult<()> {
    require_object(db, of).await?;
    let holder = find(db, id).await?.ok_or(StoreError::Conflict(Conflict::Stale))?;
    if holder.delegations.contains(of) {
        return Err(StoreError::Conflict(Conflict::Taken));
    }
    let most = MAX_DELEGATIONS as usize;
    if holder.delegations.len() >= most || holders(db, of).await?.len() >= most {
        return Err(StoreError::Conflict(Conflict::Full));
    }
    let sql = "INSERT INTO client_delegations (kind, object_id, client_id) VALUES ($1, $2, $3)";
    execute(db, sql, row_of(of, id)).await?;
    client::update(db, &holder.client).await
}

/// Takes one from a client: `Stale` where it has none.
pub(crate) async fn take<C: ConnectionTrait>(db: &C, id: &ClientId, of: &Delegation) -> StoreResult<()> {
    let holder = find(db, id).await?.ok_or(StoreError::Conflict(Conflict::Stale))?;
    let sql = "DELETE FROM client_delegations WHERE kind = $1 AND object_id = $2 AND client_id = $3";
    if execute(db, sql, row_of(of, id)).await? == 0 {
        return Err(StoreError::Conflict(Conflict::Stale));
    }
    client::update(db, &holder.client).await
}

fn row_of(of: &Delegation, id: &ClientId) -> Vec<Value> {
    [values_of(of), vec![id.as_str().into()]].concat()
}
