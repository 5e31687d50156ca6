//! Whether what a unit of work rests on still holds.
//!
//! The caller holds the rows of the accounts that are looked at, and the server's where it is about what administrators do: every unit of work that ends one of
//! them, or rests on one of them, takes those first.

use sea_orm::{ConnectionTrait, Value};

use super::way_in::PASSKEYS;
use super::{policy, service_account, upstream_link, user};
use crate::model::ServiceAccount;
use crate::model::client::ClientId;
use crate::model::epoch::Epoch;
use crate::store::sql::db::query_one;
use crate::store::{ActingAccount, ActingClient, Conflict, Ground, StoreError, StoreResult};
use crate::support::id::{SignInId, UserId};

/// Refuses where it does not.
pub(crate) async fn check<C: ConnectionTrait>(db: &C, ground: &Ground) -> StoreResult<()> {
    let (holds, otherwise) = match ground {
        Ground::Account(acting) => (may_act(db, acting).await?, Conflict::Ended),
        Ground::Client(acting) => (may_act_itself(db, acting).await?, Conflict::Ended),
        Ground::Consent { user, client, client_epoch, withdrawn } => {
            (stands(db, (*user, client), *client_epoch, *withdrawn).await?, Conflict::Ended)
        }
        Ground::Policy(version) => (policy::version(db).await? == *version, Conflict::Stale),
        Ground::Unlinked(connection) => (upstream_link::count(db, *connection).await? == 0, Conflict::Stale),
        Ground::NoFactor { user, passkeys } => (!has_factor(db, *user, *passkeys).await?, Conflict::Stale),
    };
    if holds { Ok(()) } else { Err(StoreError::Conflict(otherwise)) }
}

async fn may_act<C: ConnectionTrait>(db: &C, acting: &ActingAccount) -> StoreResult<bool> {
    let stored = user::find(db, acting.id).await?.filter(|user| user.is_active() && user.epochs() == acting.epochs);
    let Some(stored) = stored else { return Ok(false) };
    let as_seen = acting.roles.as_ref().is_none_or(|seen| *seen == stored.rights());
    Ok(as_seen && !has_ended(db, acting.sign_in).await?)
}

async fn may_act_itself<C: ConnectionTrait>(db: &C, acting: &ActingClient) -> StoreResult<bool> {
    let as_seen = |stored: &ServiceAccount| {
        stored.client.enabled && stored.client.epoch == acting.epoch && stored.rights() == acting.rights
    };
    Ok(service_account::find(db, &acting.id).await?.is_some_and(|stored| as_seen(&stored)))
}

async fn has_ended<C: ConnectionTrait>(db: &C, sign_in: Option<SignInId>) -> StoreResult<bool> {
    let Some(id) = sign_in else { return Ok(false) };
    let sql = "SELECT 1 AS one FROM ended_sign_ins WHERE id = $1";
    Ok(query_one(db, sql, vec![id.as_bytes().to_vec().into()]).await?.is_some())
}

/// Whether an account has one. A passkey is one as long as accounts sign in by passkey, and browsers have any for the issuer.
async fn has_factor<C: ConnectionTrait>(db: &C, user: UserId, passkeys: bool) -> StoreResult<bool> {
    let sql = format!(
        "SELECT 1 AS one FROM users WHERE users.id = $1 \
         AND (EXISTS (SELECT 1 FROM factors WHERE factors.user_id = users.id) \
         OR ($2 AND {PASSKEYS} AND EXISTS (SELECT 1 FROM passkeys WHERE passkeys.user_id = users.id)))"
    );
    Ok(query_one(db, &sql, vec![user.as_bytes().to_vec().into(), passkeys.into()]).await?.is_some())
}

async fn stands<C: ConnectionTrait>(
    db: &C,
    (user, client): (UserId, &ClientId),
    client_epoch: Epoch,
    withdrawn: Epoch,
) -> StoreResult<bool> {
    let sql = "SELECT 1 AS one FROM clients WHERE id = $1 AND epoch = $2 AND enabled AND NOT deleted \
               AND COALESCE((SELECT withdrawals.epoch FROM withdrawals WHERE withdrawals.user_id = $3 \
               AND withdrawals.client_id = $1), 0) = $4";
    let values: Vec<Value> = vec![
        client.as_str().into(),
        client_epoch.count().into(),
        user.as_bytes().to_vec().into(),
        withdrawn.count().into(),
    ];
    Ok(query_one(db, sql, values).await?.is_some())
}
