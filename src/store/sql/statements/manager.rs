//! Who manages one app, or the people in one group, without a role: given and taken.
//!
//! The rows are all that says so: each statement that reads an account reads them with it ([`delegation`](super::delegation)). Giving one and taking it away
//! count as a change of the account, so that what was decided by an older look at it is stale.

use sea_orm::{ConnectionTrait, Value};

use super::affiliation;
use super::user::{self, StoredUser};
use crate::model::{Delegation, User};
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, MAX_DELEGATIONS, StoreError, StoreResult};
use crate::support::id::UserId;

/// The accounts that have one, in the order in which they were made.
pub(crate) async fn holders<C: ConnectionTrait>(db: &C, of: &Delegation) -> StoreResult<Vec<User>> {
    let sql = format!(
        "SELECT {} FROM delegations JOIN users ON users.id = delegations.user_id WHERE delegations.kind = $1 \
         AND delegations.object_id = $2 AND NOT users.deleted ORDER BY users.id",
        StoredUser::columns("")
    );
    Ok(StoredUser::page(db, &sql, values_of(of), MAX_DELEGATIONS).await?.items)
}

/// Gives an account one: `Stale` where the account or what it is over is not there, `Taken` where it has it, `Full` where it has as many as it may have, or
/// as many have this one.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, user: UserId, of: &Delegation) -> StoreResult<()> {
    require_object(db, of).await?;
    let holder = user::find(db, user).await?.ok_or(StoreError::Conflict(Conflict::Stale))?;
    if holder.delegations.contains(of) {
        return Err(StoreError::Conflict(Conflict::Taken));
    }
    let most = MAX_DELEGATIONS as usize;
    if holder.delegations.len() >= most || holders(db, of).await?.len() >= most {
        return Err(StoreError::Conflict(Conflict::Full));
    }
    let sql = "INSERT INTO delegations (kind, object_id, user_id) VALUES ($1, $2, $3)";
    execute(db, sql, row_of(of, user)).await?;
    user::update(db, &holder).await
}

/// Takes one from an account: `Stale` where it has none.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, user: UserId, of: &Delegation) -> StoreResult<()> {
    let holder = user::find(db, user).await?.ok_or(StoreError::Conflict(Conflict::Stale))?;
    let sql = "DELETE FROM delegations WHERE kind = $1 AND object_id = $2 AND user_id = $3";
    if execute(db, sql, row_of(of, user)).await? == 0 {
        return Err(StoreError::Conflict(Conflict::Stale));
    }
    user::update(db, &holder).await
}

/// `Stale` where there is nothing that it could be over.
pub(super) async fn require_object<C: ConnectionTrait>(db: &C, of: &Delegation) -> StoreResult<()> {
    let group = match of {
        Delegation::App(client) => return affiliation::require_client(db, client).await,
        Delegation::Group(group) => group,
    };
    let sql = "SELECT 1 AS one FROM affiliations WHERE id = $1 AND kind = 'group'";
    match query_one(db, sql, vec![group.as_bytes().to_vec().into()]).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

fn row_of(of: &Delegation, user: UserId) -> Vec<Value> {
    [values_of(of), vec![user.as_bytes().to_vec().into()]].concat()
}

/// What says in a row what it is over.
pub(super) fn values_of(of: &Delegation) -> Vec<Value> {
    vec![of.kind().as_str().into(), of.object().into()]
}
