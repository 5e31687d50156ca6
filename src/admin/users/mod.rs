//! Accounts, as administrators see and change them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, RETRIES, Rejected, Target};
use crate::admin::target::check_version;
use crate::identity::accounts::AccountRejected;
use crate::identity::password::HashingFailed;
use crate::model::User;
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::user::{EmailAddress, PasswordCredential, Role, UserStatus};
use crate::store::{Change, Conflict, Page, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

mod apply;
mod resource;
#[cfg(test)]
mod tests;

use apply::without_repeats;
pub use resource::UserResource;

/// Makes an account.
pub async fn create(admin: &Administration, authority: &ProvenAuthority, new: UserResource) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    authority.require_to_assign(new.roles.as_deref().unwrap_or_default())?;
    let email = new.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()).ok_or(AccountRejected::Email)?;
    let now = admin.clock().now();
    let blank = User::new(UserId::new(now, admin.random()), email, now);
    let mut found = Vec::new();
    let user = new.apply(User { status: new.status.unwrap_or(blank.status), ..blank }, &mut found);
    Rejected::unless_valid(found)?;
    let mut changes = vec![Change::InsertUser(user.clone())];
    if let Some(typed) = &new.password {
        let phc = hash(admin, typed, user.email.as_str(), user.name()).await?;
        changes.push(Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }));
    }
    changes.push(Change::Audit(admin.event(AuditKind::UserCreated, authority, now).to_user(user.id)));
    let committed = commit_and_claim(admin, changes, administers(&user), now).await;
    committed.map_err(|error| Rejected::of_commit(error, Aggregate::User))?;
    Ok(user)
}

/// Changes what is said of an account: the fields that `document` has. A document of another version than there is now is stale. Where it
/// says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    document: &UserResource,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    change(admin, authority, &user.into(), |was, now| {
        check_version(document.version, was.version, Aggregate::User)?;
        let mut found = Vec::new();
        document.check_unchanged(&was, &mut found);
        let user = document.apply(was.clone(), &mut found);
        Rejected::unless_valid(found)?;
        if user.roles != was.roles {
            authority.require(Permission::AssignRoles)?;
            authority.require_to_assign(&user.roles)?;
        }
        let what = differences(&was, &user);
        if what.is_empty() {
            return Ok(None);
        }
        let event = admin.event(AuditKind::UserChanged, authority, now).saying(what.join(", "));
        Ok(Some(Edit { user: User { updated_at: now, ..user }, event }))
    })
    .await
}

/// The account of this id, or the one that signs in with this address.
pub async fn find(admin: &Administration, authority: &Authority, id_or_email: &str) -> Result<Option<User>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    let users = &admin.stores().users;
    if let Ok(id) = id_or_email.parse::<UserId>() {
        return Ok(users.find(id).await?);
    }
    match EmailAddress::parse(id_or_email) {
        Ok(email) => Ok(users.find_by_email(&email).await?),
        Err(_) => Ok(None),
    }
}

/// Accounts in the order they were made, after `after`, whose address or name contains `search`.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    search: Option<&str>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Page<User>, Rejected> {
    authority.require(Permission::ReadUsers)?;
    Ok(admin.stores().users.list(search, after, limit).await?)
}

/// Switches an account on or off. Off means off: its sessions, grants and tokens stop counting with the commit, and those from before
/// do not come back when it is switched on again.
pub async fn set_enabled(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    enabled: bool,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    change(admin, authority, &user.into(), |user, now| {
        let status = if enabled { UserStatus::Active } else { UserStatus::Disabled };
        if user.status == status {
            return Ok(None);
        }
        let kind = if enabled { AuditKind::UserEnabled } else { AuditKind::UserDisabled };
        let event = admin.event(kind, authority, now);
        Ok(Some(Edit { user: User { status, ..user.with_everything_ended(now) }, event }))
    })
    .await
}

/// Sets what an account may do to Haechi itself.
pub async fn set_roles(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    roles: Vec<Role>,
) -> Result<User, Rejected> {
    authority.require(Permission::AssignRoles)?;
    authority.require_to_assign(&roles)?;
    let roles = without_repeats(&roles);
    change(admin, authority, &user.into(), |user, now| {
        if user.roles == roles {
            return Ok(None);
        }
        let event = admin.event(AuditKind::UserChanged, authority, now).saying("roles");
        Ok(Some(Edit { user: User { roles: roles.clone(), updated_at: now, ..user }, event }))
    })
    .await
}

/// Ends every session and grant of an account.
pub async fn revoke_sessions(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require(Permission::RevokeSessions)?;
    change(admin, authority, &user.into(), |user, now| {
        let event = admin.event(AuditKind::SessionsRevoked, authority, now);
        Ok(Some(Edit { user: user.with_everything_ended(now), event }))
    })
    .await
}

/// Sets the password of an account; what was signed in with the old one ends.
pub async fn set_password(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    typed: &Secret<String>,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let user = load(admin, authority, &user.into()).await?;
    let phc = hash(admin, typed, user.email.as_str(), user.name()).await?;
    let now = admin.clock().now();
    let user = user.with_everything_ended(now);
    let changes = vec![
        Change::UpdateUser(user.clone()),
        Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }),
        Change::Audit(admin.event(AuditKind::PasswordChanged, authority, now).to_user(user.id)),
    ];
    admin.commit(Aggregate::User, changes).await?;
    Ok(User { version: user.version + 1, ..user })
}

/// The account that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, authority: &Authority, target: &Target<UserId>) -> Result<User, Rejected> {
    let found = admin.stores().users.find(*target.key()).await?;
    let user = found.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_over(&user)?;
    target.check(user.version, Aggregate::User).map(|()| user)
}

/// What is to become of an account.
struct Edit {
    user: User,
    event: AuditEvent,
}

/// Reads an account, edits it and commits; again, when another change came in between. `edit` answers `None` where
/// nothing is to be done.
async fn change(
    admin: &Administration,
    authority: &Authority,
    target: &Target<UserId>,
    edit: impl Fn(User, Timestamp) -> Result<Option<Edit>, Rejected>,
) -> Result<User, Rejected> {
    let mut left = RETRIES;
    loop {
        let user = load(admin, authority, target).await?;
        let now = admin.clock().now();
        let Some(Edit { user: edited, event }) = edit(user.clone(), now)? else { return Ok(user) };
        let changes = vec![Change::UpdateUser(edited.clone()), Change::Audit(event.to_user(user.id))];
        let becomes_administrator = administers(&edited) && !administers(&user);
        match commit_and_claim(admin, changes, becomes_administrator, now).await {
            Ok(()) => return Ok(User { version: edited.version + 1, ..edited }),
            Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
            Err(error) => return Err(Rejected::of_commit(error, Aggregate::User)),
        }
    }
}

/// Whether an account can administer the server now.
fn administers(user: &User) -> bool {
    user.is_active() && user.is_administrator()
}

/// Commits; where an account becomes administrator, a server that is not claimed yet counts as claimed from then on, so that no
/// claim link makes another.
async fn commit_and_claim(
    admin: &Administration,
    changes: Vec<Change>,
    becomes_administrator: bool,
    now: Timestamp,
) -> StoreResult<()> {
    if !becomes_administrator || admin.stores().users.is_claimed().await? {
        return admin.work().commit(changes).await;
    }
    let mut claiming = changes.clone();
    claiming.push(Change::ClaimServer(now));
    match admin.work().commit(claiming).await {
        Err(StoreError::Conflict(Conflict::AlreadyClaimed)) => admin.work().commit(changes).await,
        other => other,
    }
}

async fn hash(
    admin: &Administration,
    typed: &Secret<String>,
    email: &str,
    name: Option<&str>,
) -> Result<Secret<String>, Rejected> {
    let accounts = &admin.accounts;
    let password = accounts.rules.check_password(typed, email, name).map_err(AccountRejected::Password)?;
    accounts.hasher.hash(password).await.map_err(|why| match why {
        HashingFailed::Busy { .. } => Rejected::Busy,
        HashingFailed::Unreadable => Rejected::Store(StoreError::Corrupt("argon2 refused its parameters".to_owned())),
    })
}

/// The names of the document's fields that differ.
fn differences(was: &User, is: &User) -> Vec<String> {
    let fields = |user: &User| match serde_json::to_value(UserResource::from(user)) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (was, is) = (fields(was), fields(is));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect()
}
