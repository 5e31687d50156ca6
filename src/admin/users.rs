//! People's accounts, as administrators see and change them.

use serde::{Deserialize, Serialize};

use super::{Administration, Aggregate, Authority, Permission, ProvenAuthority, RETRIES, Rejected, Target};
use crate::identity::accounts::{AccountRejected, check_locale, check_name, new_user};
use crate::identity::password::HashingFailed;
use crate::model::User;
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::user::{EmailAddress, PasswordCredential, Profile, Role, UserStatus};
use crate::store::{Change, Conflict, Page, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

/// An account that an administrator makes for somebody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewUser {
    /// The e-mail address that will sign in.
    pub email: String,
    /// Whether the address is known to be the person's.
    pub email_verified: bool,
    /// What to call the person.
    pub name: Option<String>,
    /// The first password; an account without one cannot sign in by password.
    pub password: Option<Secret<String>>,
    /// The language of pages and mail.
    pub locale: Option<String>,
    /// What the account may do to Haechi itself.
    pub roles: Vec<Role>,
}

/// An account as it is listed: what an administrator may see.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "see the fields of the account")]
pub struct UserView {
    pub id: UserId,
    pub email: String,
    pub email_verified: bool,
    pub status: UserStatus,
    pub roles: Vec<Role>,
    pub profile: Profile,
    pub locale: Option<String>,
    /// When the account was made, as RFC 3339 writes it.
    pub created_at: String,
    /// When the account was last changed, as RFC 3339 writes it.
    pub updated_at: String,
}

impl From<&User> for UserView {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            email: user.email.to_string(),
            email_verified: user.email_verified,
            status: user.status,
            roles: user.roles.clone(),
            profile: user.profile.clone(),
            locale: user.locale.clone(),
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
        }
    }
}

/// Makes an account.
pub async fn create(admin: &Administration, authority: &ProvenAuthority, new: NewUser) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    authority.require_to_assign(&new.roles)?;
    let email = EmailAddress::parse(&new.email).map_err(|_| AccountRejected::Email)?;
    let name = check_name(new.name.as_deref()).map_err(AccountRejected::Name)?;
    let locale = new.locale.as_deref().map(check_locale).transpose()?;
    let phc = match &new.password {
        Some(typed) => Some(hash(admin, typed, email.as_str(), name.as_deref()).await?),
        None => None,
    };
    let now = admin.clock().now();
    let user = User {
        email_verified: new.email_verified,
        roles: without_repeats(new.roles),
        ..new_user(email, name, locale, now, admin.random())
    };
    let mut changes = vec![Change::InsertUser(user.clone())];
    if let Some(phc) = phc {
        changes.push(Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }));
    }
    changes.push(Change::Audit(admin.event(AuditKind::UserCreated, authority, now).to_user(user.id)));
    let committed = commit_and_claim(admin, changes, user.is_administrator(), now).await;
    committed.map_err(|error| Rejected::of_commit(error, Aggregate::User))?;
    Ok(user)
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
            return None;
        }
        let kind = if enabled { AuditKind::UserEnabled } else { AuditKind::UserDisabled };
        let event = admin.event(kind, authority, now);
        Some(Edit { user: User { status, ..user.with_everything_ended(now) }, event })
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
    let roles = without_repeats(roles);
    change(admin, authority, &user.into(), |user, now| {
        if user.roles == roles {
            return None;
        }
        let event = admin.event(AuditKind::UserChanged, authority, now).saying("roles");
        Some(Edit { user: User { roles: roles.clone(), updated_at: now, ..user }, event })
    })
    .await
}

/// Ends every session and grant of a person.
pub async fn revoke_sessions(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require(Permission::RevokeSessions)?;
    change(admin, authority, &user.into(), |user, now| {
        let event = admin.event(AuditKind::SessionsRevoked, authority, now);
        Some(Edit { user: user.with_everything_ended(now), event })
    })
    .await
}

/// Sets a person's password; what was signed in with the old one ends.
pub async fn set_password(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    typed: &Secret<String>,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let user = load(admin, authority, &user.into()).await?;
    let name = user.profile.get("name").and_then(serde_json::Value::as_str);
    let phc = hash(admin, typed, user.email.as_str(), name).await?;
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

/// Reads an account, edits it and commits; again, when somebody else's change came in between. `edit` answers `None` where
/// nothing is to be done.
async fn change(
    admin: &Administration,
    authority: &Authority,
    target: &Target<UserId>,
    edit: impl Fn(User, Timestamp) -> Option<Edit>,
) -> Result<User, Rejected> {
    let mut left = RETRIES;
    loop {
        let user = load(admin, authority, target).await?;
        let now = admin.clock().now();
        let Some(Edit { user: edited, event }) = edit(user.clone(), now) else { return Ok(user) };
        let changes = vec![Change::UpdateUser(edited.clone()), Change::Audit(event.to_user(user.id))];
        let becomes_administrator = edited.is_administrator() && !user.is_administrator();
        match commit_and_claim(admin, changes, becomes_administrator, now).await {
            Ok(()) => return Ok(User { version: edited.version + 1, ..edited }),
            Err(StoreError::Conflict(Conflict::Stale)) if left > 0 => left -= 1,
            Err(error) => return Err(Rejected::of_commit(error, Aggregate::User)),
        }
    }
}

/// Commits; where somebody becomes administrator, a server that nobody claimed yet counts as claimed from then on, so that no
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

fn without_repeats(mut roles: Vec<Role>) -> Vec<Role> {
    let mut seen = Vec::new();
    roles.retain(|role| {
        !seen.contains(role) && {
            seen.push(*role);
            true
        }
    });
    roles
}
