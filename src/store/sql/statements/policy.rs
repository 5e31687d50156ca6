//! What administrators decided for the whole server, and that they are not shut out by it.

use sea_orm::ConnectionTrait;

use super::user;
use super::way_in::{self, Leaving, PASSWORDS};
use crate::model::policy::Policy;
use crate::model::user::Role;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::UserId;

/// What is decided.
pub(crate) async fn find<C: ConnectionTrait>(db: &C) -> StoreResult<Policy> {
    let row = query_one(db, "SELECT version, document FROM policy WHERE id = 1", vec![]).await?;
    let row = row.ok_or_else(|| corrupt("the policy's row is missing"))?;
    let document: String = row.try_get("", "document")?;
    let policy: Policy = serde_json::from_str(&document).map_err(unreadable("policy"))?;
    Ok(Policy { version: row.try_get("", "version")?, ..policy })
}

/// The count of its changes.
pub(crate) async fn version<C: ConnectionTrait>(db: &C) -> StoreResult<i64> {
    let row = query_one(db, "SELECT version FROM policy WHERE id = 1", vec![]).await?;
    Ok(row.ok_or_else(|| corrupt("the policy's row is missing"))?.try_get("", "version")?)
}

/// Replaces the policy whose stored version is `version`, and counts that up.
pub(crate) async fn put<C: ConnectionTrait>(db: &C, policy: &Policy) -> StoreResult<()> {
    let stored = Policy { version: policy.version + 1, ..policy.clone() };
    let document = serde_json::to_string(&stored).map_err(unreadable("policy"))?;
    let sql = "UPDATE policy SET version = version + 1, passwords = $2, document = $3, passkeys = $4 WHERE id = 1 AND version = $1";
    let values =
        vec![policy.version.into(), policy.sign_in.passwords.into(), document.into(), policy.sign_in.passkeys.into()];
    match execute(db, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// How somebody who administers the server can sign in to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaysIn {
    /// By a password, as everybody can.
    Passwords,
    /// By a passkey, or a link through a connection that is switched on: an owner, or where there is none an administrator.
    Others,
    /// Nobody can.
    None,
}

/// How somebody who administers the server can sign in to it. The caller holds the server's row.
pub(crate) async fn ways_in<C: ConnectionTrait>(db: &C) -> StoreResult<WaysIn> {
    if query_one(db, &format!("SELECT 1 AS one WHERE {PASSWORDS}"), vec![]).await?.is_some() {
        return Ok(WaysIn::Passwords);
    }
    let (all, passkeys) = (user::administrators(db).await?, way_in::passkeys(db).await?);
    let owners = all.iter().any(|user| user.roles.contains(&Role::Owner));
    for user in all.iter().filter(|user| !owners || user.roles.contains(&Role::Owner)) {
        if has_another_way(db, user.id, passkeys).await? {
            return Ok(WaysIn::Others);
        }
    }
    Ok(WaysIn::None)
}

/// Whether an account can sign in without a password.
async fn has_another_way<C: ConnectionTrait>(db: &C, user: UserId, passkeys: &str) -> StoreResult<bool> {
    let ways = way_in::other_than("$1", &Leaving { link: Leaving::NONE, passkey: Leaving::NONE }, passkeys);
    Ok(query_one(db, &format!("SELECT 1 AS one WHERE {ways}"), vec![user.as_bytes().to_vec().into()]).await?.is_some())
}
