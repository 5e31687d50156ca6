//! What accounts are like for who signs in to them: one look for however many are shown.

use std::collections::BTreeMap;

use super::resource::UserResource;
use crate::admin::{Administration, Authority, Permission, Rejected};
use crate::model::{AccountState, User};
use crate::store::StoreResult;
use crate::support::id::UserId;

/// The states of accounts. An active one that somebody was invited to, and has not accepted, is called so.
pub async fn states(
    admin: &Administration,
    authority: &Authority,
    users: &[User],
) -> Result<BTreeMap<UserId, AccountState>, Rejected> {
    authority.require_somewhere(Permission::ReadUsers)?;
    for user in users {
        authority.require_on_person(Permission::ReadUsers, user)?;
    }
    Ok(found(admin, users).await?)
}

/// Accounts as documents that say so.
pub async fn documents(
    admin: &Administration,
    authority: &Authority,
    users: &[User],
) -> Result<Vec<UserResource>, Rejected> {
    let states = states(admin, authority, users).await?;
    Ok(users.iter().map(|user| UserResource { status: states.get(&user.id).copied(), ..user.into() }).collect())
}

/// The same of one.
pub async fn document(admin: &Administration, authority: &Authority, user: &User) -> Result<UserResource, Rejected> {
    let found = documents(admin, authority, std::slice::from_ref(user)).await?;
    Ok(found.into_iter().next().unwrap_or_else(|| user.into()))
}

/// The same for the end-user, whose right to it is that it is theirs.
pub(in crate::admin) async fn own_document(admin: &Administration, user: &User) -> StoreResult<UserResource> {
    let states = found(admin, std::slice::from_ref(user)).await?;
    Ok(UserResource { status: states.get(&user.id).copied(), ..user.into() })
}

/// Whether somebody could sign in to an account.
pub(super) async fn has_a_way_in(admin: &Administration, user: UserId) -> StoreResult<bool> {
    let stores = admin.stores();
    Ok(stores.users.password(user).await?.is_some()
        || !stores.upstream_links.of_user(user).await?.is_empty()
        || !stores.passkeys.of_user(user).await?.is_empty())
}

async fn found(admin: &Administration, users: &[User]) -> StoreResult<BTreeMap<UserId, AccountState>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let invited = admin.stores().one_time_tokens.invited(&ids).await?;
    // What was read of the account goes before: it may have been switched on between the two looks.
    let state = |user: &User| match user.status.into() {
        AccountState::Active if invited.contains(&user.id) => AccountState::Invited,
        state => state,
    };
    Ok(users.iter().map(|user| (user.id, state(user))).collect())
}
