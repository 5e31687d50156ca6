//! Who manages one app, or the people in one group, without a role.
//!
//! Owns giving that and taking it away, to accounts and to service accounts: clients that act for themselves. What it lets somebody do is in one table ([`DELEGATED`](super::DELEGATED)), and every function that is about an app or a
//! person asks for it there. What is taken away counts no more from the commit on, on every node: it is read with the account or the client at each request, and once more
//! by the commit of whatever rests on it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::affiliations::all;
use super::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected, Target};
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::{AffiliationKind, Client, ClientId, Delegation, ServiceAccount, User};
use crate::protocol::grant_type::GrantType;
use crate::store::{Change, Conflict, MAX_DELEGATIONS, StoreError};
use crate::support::id::UserId;

/// Somebody who manages an app or the people in a group, as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManagerView {
    /// Who it is, as tokens say it: the account, or the client where it is a service account.
    pub sub: String,
    /// The account's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The service account's client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The name that its end-user goes by, where there is one, or that of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl From<&User> for ManagerView {
    fn from(user: &User) -> Self {
        Self {
            sub: user.id.to_string(),
            email: Some(user.email.to_string()),
            client_id: None,
            name: user.name().map(str::to_owned),
        }
    }
}

impl From<&Client> for ManagerView {
    fn from(client: &Client) -> Self {
        let (id, name) = (client.id.to_string(), client.presentation.name.clone());
        Self { sub: id.clone(), email: None, client_id: Some(id), name: Some(name) }
    }
}

/// All who manage an app, or the people in a group, as documents: the accounts, and then the service accounts.
pub async fn documents(
    admin: &Administration,
    authority: &Authority,
    of: &Delegation,
) -> Result<Vec<ManagerView>, Rejected> {
    let accounts = list(admin, authority, of).await?;
    let services = service_accounts(admin, authority, of).await?;
    let services = services.iter().map(|one| ManagerView::from(&one.client));
    Ok(accounts.iter().map(ManagerView::from).chain(services).collect())
}

/// The accounts that manage an app, or the people in a group, in the order in which they were made.
pub async fn list(admin: &Administration, authority: &Authority, of: &Delegation) -> Result<Vec<User>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    named(admin, of).await?;
    Ok(admin.stores().delegations.holders(of).await?)
}

/// The service accounts that do, by id.
pub async fn service_accounts(
    admin: &Administration,
    authority: &Authority,
    of: &Delegation,
) -> Result<Vec<ServiceAccount>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    named(admin, of).await?;
    Ok(admin.stores().delegations.service_accounts(of).await?)
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
    commit(admin, authority, vec![Change::InsertDelegation(holder.id, of.clone()), Change::Audit(event)]).await
}

/// Has a client manage it by the tokens that it gets for itself, by the same rules: whoever has its credential does then what it may.
pub async fn give_to_service_account(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    of: &Delegation,
) -> Result<(), Rejected> {
    let holder = service_account(admin, authority, &client.into(), of).await?;
    let name = named(admin, of).await?;
    if !holder.client.may_use(GrantType::ClientCredentials) {
        return Err(FieldError::NeedsClientCredentials.of("client_id").into());
    }
    if holder.delegations.contains(of) {
        return admin.stands(authority).await;
    }
    let id = holder.client.id;
    let event = admin.event(AuditKind::DelegationGiven, authority, admin.clock().now()).to_client(id.clone());
    let changes = vec![Change::InsertClientDelegation(id, of.clone()), Change::Audit(event.saying(name))];
    commit(admin, authority, changes).await
}

/// Takes that away. `false` where the client does not manage it.
pub async fn take_from_service_account(
    admin: &Administration,
    authority: &ProvenAuthority,
    client: impl Into<Target<ClientId>>,
    of: &Delegation,
) -> Result<bool, Rejected> {
    let holder = service_account(admin, authority, &client.into(), of).await?;
    let name = named(admin, of).await?;
    if !holder.delegations.contains(of) {
        return Ok(false);
    }
    let id = holder.client.id;
    let event = admin.event(AuditKind::DelegationTaken, authority, admin.clock().now()).to_client(id.clone());
    let changes = vec![Change::DeleteClientDelegation(id, of.clone()), Change::Audit(event.saying(name))];
    admin.commit(authority, Aggregate::Manager, changes).await?;
    Ok(true)
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

/// The client, in the same way. Those of the server itself act for nobody.
async fn service_account(
    admin: &Administration,
    authority: &Authority,
    client: &Target<ClientId>,
    of: &Delegation,
) -> Result<ServiceAccount, Rejected> {
    authority.require(Permission::AssignRoles)?;
    authority.require_to_hold(of)?;
    let missing = Rejected::NotFound(Aggregate::Client);
    let found = admin.stores().delegations.service_account(client.key()).await?;
    let found = found.filter(|found| !found.client.id.is_of_system()).ok_or(missing)?;
    authority.require_over_service_account(&found)?;
    client.check(found.client.version, Aggregate::Client).map(|()| found)
}

/// Commits that somebody manages something from now on.
async fn commit(admin: &Administration, authority: &ProvenAuthority, changes: Vec<Change>) -> Result<(), Rejected> {
    match admin.commit_by(authority, changes).await {
        Err(StoreError::Conflict(Conflict::Full)) => {
            Err(Rejected::TooMany(Aggregate::Manager, MAX_DELEGATIONS as usize))
        }
        other => other.map_err(|error| Rejected::of_commit(error, Aggregate::Manager)),
    }
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
