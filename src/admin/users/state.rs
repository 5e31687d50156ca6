//! What accounts are like for who signs in to them: one look for however many are shown.

use std::collections::BTreeMap;

use super::resource::{AccountState, UserResource};
use crate::admin::{Administration, Authority, Permission, Rejected};
use crate::model::User;
use crate::support::id::UserId;

/// The states of accounts. An active one that somebody was invited to, and has not accepted, is called so: its address is not verified, as
/// accepting verifies it.
pub async fn states(
    admin: &Administration,
    authority: &Authority,
    users: &[User],
) -> Result<BTreeMap<UserId, AccountState>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    // Who was invited has proved nothing: of everybody else nothing has to be looked up.
    let unproved: Vec<UserId> =
        users.iter().filter(|user| user.is_active() && !user.email_verified).map(|user| user.id).collect();
    let invited = admin.stores().one_time_tokens.invited(&unproved).await?;
    let state = |user: &User| match user.status.into() {
        AccountState::Active if invited.contains(&user.id) => AccountState::Invited,
        state => state,
    };
    Ok(users.iter().map(|user| (user.id, state(user))).collect())
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
