//! Rows that say who manages one app, or the people in one group, without a role: as they are read with an account or a client, and as they go with what they are about.
//!
//! Leaves giving and taking to [`manager`](super::manager) and [`service_account`](super::service_account).

use sea_orm::ConnectionTrait;

use crate::model::client::ClientId;
use crate::model::{Delegation, DelegationKind};
use crate::store::StoreResult;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::execute;
use crate::support::id::{AffiliationId, UserId};

/// Those of the account with the id of a column, within a statement: one a line, in no order; nothing where there are none.
pub(super) fn of(user_id: &str) -> String {
    format!(
        "(SELECT string_agg(delegations.kind || ' ' || delegations.object_id, '\n') \
         FROM delegations WHERE delegations.user_id = {user_id})"
    )
}

/// In the place of [`of`], where nobody asks what an account manages.
pub(super) const NONE_READ: &str = "CAST(NULL AS TEXT)";

/// The same of the client with the id of a column.
pub(super) fn of_client(client_id: &str) -> String {
    format!(
        "(SELECT string_agg(client_delegations.kind || ' ' || client_delegations.object_id, '\n') \
         FROM client_delegations WHERE client_delegations.client_id = {client_id})"
    )
}

/// What was read by [`of`] or [`of_client`], in order.
pub(super) fn read(lines: Option<&str>) -> StoreResult<Vec<Delegation>> {
    let Some(lines) = lines else { return Ok(Vec::new()) };
    let one = |line: &str| Delegation::parse(line).ok_or_else(|| corrupt("delegation: over nothing that there is"));
    let mut all = lines.split('\n').map(one).collect::<StoreResult<Vec<_>>>()?;
    all.sort_unstable();
    Ok(all)
}

/// Forgets those over a client that is deleted, and its own: one that is registered under its id later is another. Asked again when that one is registered.
pub(super) async fn delete_of_client<C: ConnectionTrait>(db: &C, client: &ClientId) -> StoreResult<()> {
    execute(db, "DELETE FROM client_delegations WHERE client_id = $1", vec![client.as_str().into()]).await?;
    delete_over(db, DelegationKind::App, client.as_str()).await
}

/// Forgets those over a group that is deleted.
pub(super) async fn delete_of_group<C: ConnectionTrait>(db: &C, group: AffiliationId) -> StoreResult<()> {
    delete_over(db, DelegationKind::Group, &group.to_string()).await
}

async fn delete_over<C: ConnectionTrait>(db: &C, kind: DelegationKind, object: &str) -> StoreResult<()> {
    for table in ["delegations", "client_delegations"] {
        let sql = format!("DELETE FROM {table} WHERE kind = $1 AND object_id = $2");
        execute(db, &sql, vec![kind.as_str().into(), object.into()]).await?;
    }
    Ok(())
}

/// Forgets those of an account that is deleted.
pub(super) async fn forget<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    execute(db, "DELETE FROM delegations WHERE user_id = $1", vec![user.as_bytes().to_vec().into()]).await?;
    Ok(())
}
