//! Who manages one app, or the people in one group, without a role.
//!
//! Owns giving that and taking it away. What it lets somebody do is in one table ([`DELEGATED`](super::DELEGATED)), and every function that is about an app or a
//! person asks for it there. What is taken away counts no more from the commit on, on every node: it is read with the account at each request, and once more
//! by the commit of whatever rests on it.

use serde::Serialize;
use utoipa::ToSchema;

use super::affiliations::all;
use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::{AffiliationKind, Delegation, User};
use crate::store::{Change, Conflict, MAX_DELEGATIONS, StoreError};
use crate::support::id::UserId;

/// Somebody who manages an app or the people in a group, as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ManagerView {
    /// The account.
    pub sub: String,
    /// Its address.
    pub email: String,
    /// The name that its end-user goes by, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl From<&User> for ManagerView {
    fn from(user: &User) -> Self {
        Self { sub: user.id.to_string(), email: user.email.to_string(), name: user.name().map(str::to_owned) }
    }
}

/// The accounts that manage an app, or the people in a group, in the order in which they were made.
pub async fn list(admin: &Administration, authority: &Authority, of: &Delegation) -> Result<Vec<User>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    named(admin, of).await?;
    Ok(admin.stores().delegations.holders(of).await?)
}

/// Has an account manage an app, or the people in a group. Who does already goes on. Nobody gives what they do not have, and to nobody who may do more than they.
pub async fn give(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    of: &Delegation,
) -> Result<(), Rejected> {
    let holder = holder(admin, authority, &user.into(), of).await?;
    let name = named(admin, of).await?;
    if holder.delegations.contains(of) {
        return admin.stands(authority).await;
    }
    let event = about(admin, (AuditKind::DelegationGiven, authority), holder.id, (of, name));
    let changes = vec![Change::InsertDelegation(holder.id, of.clone()), Change::Audit(event)];
    match admin.commit_by(authority, changes).await {
        Err(StoreError::Conflict(Conflict::Full)) => {
            Err(Rejected::TooMany(Aggregate::Manager, MAX_DELEGATIONS as usize))
        }
        other => other.map_err(|error| Rejected::of_commit(error, Aggregate::Manager)),
    }
}

/// Takes that away. `false` where the account does not manage it.
pub async fn take(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    of: &Delegation,
) -> Result<bool, Rejected> {
    let holder = holder(admin, authority, &user.into(), of).await?;
    let name = named(admin, of).await?;
    if !holder.delegations.contains(of) {
        return Ok(false);
    }
    let event = about(admin, (AuditKind::DelegationTaken, authority), holder.id, (of, name));
    let changes = vec![Change::DeleteDelegation(holder.id, of.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::Manager, changes).await?;
    Ok(true)
}

/// The account, where the authority may give it this and take it.
async fn holder(
    admin: &Administration,
    authority: &Authority,
    user: &Target<UserId>,
    of: &Delegation,
) -> Result<User, Rejected> {
    authority.require(Permission::AssignRoles)?;
    authority.require_to_hold(of)?;
    let holder = admin.stores().users.find(*user.key()).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_over(&holder)?;
    user.check(holder.version, Aggregate::User).map(|()| holder)
}

/// What the audit log calls what it is over. `NotFound` where there is no such app or group; an app of the server itself is nobody's.
async fn named(admin: &Administration, of: &Delegation) -> Result<String, Rejected> {
    match of {
        Delegation::App(client) if client.is_of_system() => Err(Rejected::Reserved),
        Delegation::App(client) => match admin.stores().clients.find(client).await? {
            Some(_) => Ok(client.to_string()),
            None => Err(Rejected::NotFound(Aggregate::Client)),
        },
        Delegation::Group(group) => {
            let all = all(admin).await?;
            let found = all.get(*group).filter(|one| one.kind() == AffiliationKind::Group);
            found.map(crate::model::Affiliation::key).ok_or(Rejected::NotFound(Aggregate::Group))
        }
    }
}

fn about(
    admin: &Administration,
    (kind, authority): (AuditKind, &Authority),
    user: UserId,
    (of, name): (&Delegation, String),
) -> AuditEvent {
    let event = admin.event(kind, authority, admin.clock().now()).to_user(user).saying(name);
    match of {
        Delegation::App(client) => event.to_client(client.clone()),
        Delegation::Group(_) => event,
    }
}
