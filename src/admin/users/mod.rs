//! Accounts, as administrators see and change them.

use super::{
    Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target, affiliations, attributes,
};
use crate::admin::document::{differing, members};
use crate::admin::target::check_version;
use crate::identity::accounts::{AccountRejected, NotTaken};
use crate::identity::password::{Asker, HashingFailed};
pub use crate::model::AccountState;
use crate::model::User;
use crate::model::attribute::Definitions;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::user::{EmailAddress, PasswordCredential, Role, UserStatus};
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Page, StoreError, StoreResult, UserQuery};
use crate::support::id::{AffiliationId, UserId};
use crate::support::{Secret, Timestamp};

mod apply;
mod columns;
mod decision;
mod delegated;
mod export;
mod factors;
mod import;
mod import_row;
mod mailed;
mod memberships;
mod reason;
mod recover;
mod relation_views;
mod relations;
mod resource;
mod state;
#[cfg(test)]
mod tests;

use apply::without_repeats;
pub use columns::{HeadRejected, check_head};
use decision::{Decision, administers, change, commit_and_claim, edit_by, edit_of, load};
pub(in crate::admin) use decision::{require_of, seen};
pub use export::{PeopleExport, PeopleFormat, export};
pub use factors::{FactorView, ResetWanted, factors, reset_factors};
pub use import::{MAX_BATCH, RowOutcome, RowReport, WouldBe, import};
pub use import_row::{Existing, ImportOptions, ImportRow, RowError, from_cells};
pub use mailed::{InvitationResource, invite, invite_again, invited_at, send_reset_link, withdraw_invitation};
pub use memberships::{MAX_MEMBERSHIPS, MembershipsResource, join, leave, memberships, set_memberships};
pub use recover::{Recovery, recover};
pub use relation_views::{AppView, LinkView, PasskeyView};
pub use relations::{WaysIn, apps, remove_passkey, unlink, ways_in, withdraw, withdraw_all};
pub use resource::UserResource;
pub(in crate::admin) use state::own_document;
pub use state::{document, documents, states};

/// Makes an account.
pub async fn create(admin: &Administration, authority: &ProvenAuthority, new: UserResource) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    authority.require_to_assign(new.roles.as_deref().unwrap_or_default())?;
    let now = admin.clock().now();
    let declared = attributes::declared(admin).await?;
    let (user, mut changes) = create_of(admin, (&new, &declared), Vec::new(), now).await?;
    changes.push(Change::Audit(admin.event(AuditKind::UserCreated, authority, now).to_user(user.id)));
    let committed = commit_and_claim(admin, authority, (changes, administers(&user)), now).await;
    committed.map_err(|error| Rejected::of_commit(error, Aggregate::User))?;
    Ok(user)
}

/// The account that a document makes, and what adds it.
async fn create_of(
    admin: &Administration,
    (new, declared): (&UserResource, &Definitions),
    affiliations: Vec<AffiliationId>,
    now: Timestamp,
) -> Result<(User, Vec<Change>), Rejected> {
    let email = new.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()).ok_or(AccountRejected::Email)?;
    let blank = User::new(UserId::new(now, admin.random()), email, now);
    let mut found = Vec::new();
    let blank = User { status: new.status.map_or(blank.status, AccountState::stored), affiliations, ..blank };
    let user = new.apply(blank, declared, &mut found);
    Rejected::unless_valid(found)?;
    let mut changes = vec![Change::InsertUser(user.clone())];
    if let Some(typed) = &new.password {
        let phc = hash(admin, typed, user.email.as_str(), user.name()).await?;
        changes.push(Change::PutPassword(PasswordCredential { user: user.id, phc, changed_at: now }));
    }
    Ok((user, changes))
}

/// An account with what a document says, and what is new of it; `None` where nothing is.
fn with_document(
    document: &UserResource,
    was: &User,
    declared: &Definitions,
) -> Result<Option<(User, Vec<String>)>, Rejected> {
    check_version(document.version, was.version, Aggregate::User)?;
    let mut found = Vec::new();
    document.check_unchanged(was, &mut found);
    let user = document.apply(was.clone(), declared, &mut found);
    Rejected::unless_valid(found)?;
    let what = differences(was, &user);
    Ok(if what.is_empty() { None } else { Some((user, what)) })
}

/// Changes what is said of an account: the fields that `document` has. A document of another version than there is now is stale. Where it
/// says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    document: &UserResource,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let declared = attributes::declared(admin).await?;
    change(admin, (authority, Permission::WriteUsers), &user.into(), |was, now| {
        let Some((user, what)) = with_document(document, &was, &declared)? else { return Ok(None) };
        if user.roles != was.roles {
            authority.require(Permission::AssignRoles)?;
            authority.require_to_assign(&user.roles)?;
        }
        delegated::require_to_say(authority, &was, &user)?;
        let event = admin.event(AuditKind::UserChanged, authority, now).saying(what.join(", "));
        Ok(Some(Decision::replaced(User { updated_at: now, ..user }, event)))
    })
    .await
}

/// The account of this id, or the one that signs in with this address.
pub async fn find(admin: &Administration, authority: &Authority, id_or_email: &str) -> Result<Option<User>, Rejected> {
    authority.require_somewhere(Permission::ReadUsers)?;
    let users = &admin.stores().users;
    let found = match (id_or_email.parse::<UserId>(), EmailAddress::parse(id_or_email)) {
        (Ok(id), _) => users.find(id).await?,
        (_, Ok(email)) => users.find_by_email(&email).await?,
        _ => None,
    };
    match found.filter(|user| authority.allows_on_person(Permission::ReadUsers, user)) {
        Some(user) => Ok(Some(with_known_attributes(admin, user).await?)),
        None => Ok(None),
    }
}

/// The accounts that a query is about, at most `limit`.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    query: &UserQuery,
    limit: u32,
) -> Result<Page<User>, Rejected> {
    authority.require_somewhere(Permission::ReadUsers)?;
    let found = listed(admin, authority, query, limit).await?;
    let declared = attributes::declared(admin).await?;
    Ok(Page { items: found.items.into_iter().map(|user| shown_of(&declared, user)).collect(), more: found.more })
}

/// Those of them that the authority may see. Who sees everybody asks once; of the people in groups those are passed over who may do more here than the authority.
async fn listed(
    admin: &Administration,
    authority: &Authority,
    query: &UserQuery,
    limit: u32,
) -> Result<Page<User>, Rejected> {
    let users = &admin.stores().users;
    if authority.allows(Permission::ReadUsers) {
        return Ok(users.list(query, limit).await?);
    }
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut query = UserQuery { within: Some(authority.groups()), ..query.clone() };
    let mut items = Vec::new();
    loop {
        let page = users.list(&query, limit).await?;
        let last = page.items.last().filter(|_| page.more).map(|last| query.order.after(last));
        items.extend(page.items.into_iter().filter(|user| authority.allows_on_person(Permission::ReadUsers, user)));
        let Some(order) = last.filter(|_| items.len() <= wanted) else { break };
        query.order = order;
    }
    let more = items.len() > wanted;
    items.truncate(wanted);
    Ok(Page { items, more })
}

/// An account as it is shown: without attributes that are no longer declared.
async fn with_known_attributes(admin: &Administration, user: User) -> StoreResult<User> {
    if user.attributes.is_empty() { Ok(user) } else { Ok(shown_of(&attributes::declared(admin).await?, user)) }
}

fn shown_of(declared: &Definitions, mut user: User) -> User {
    user.attributes = declared.known(std::mem::take(&mut user.attributes));
    user
}

/// Switches an account on or off. Off means off: its sessions, grants and tokens stop counting with the commit, and those from before
/// do not come back when it is switched on again.
pub async fn set_enabled(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    enabled: bool,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let (status, kind) = if enabled {
        (UserStatus::Active, AuditKind::UserEnabled)
    } else {
        (UserStatus::Disabled, AuditKind::UserDisabled)
    };
    let target = user.into();
    change(admin, (authority, Permission::WriteUsers), &target, |user, now| {
        if user.status == status {
            return Ok(None);
        }
        let edit = UserEdit { status: Some(status), ends_everything: true, ..edit_of(&target, &user, now) };
        Ok(Some(Decision::edited(&user, edit, admin.event(kind, authority, now))))
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
    let (target, roles) = (user.into(), without_repeats(&roles));
    change(admin, (authority, Permission::AssignRoles), &target, |user, now| {
        if user.roles == roles {
            return Ok(None);
        }
        let event = admin.event(AuditKind::UserChanged, authority, now).saying("roles");
        let edit = UserEdit { roles: Some(roles.clone()), ..edit_of(&target, &user, now) };
        Ok(Some(Decision::edited(&user, edit, event)))
    })
    .await
}

/// Ends every session and grant of an account.
pub async fn revoke_sessions(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::RevokeSessions)?;
    let target = user.into();
    change(admin, (authority, Permission::RevokeSessions), &target, |user, now| {
        let edit = UserEdit { ends_everything: true, ..edit_of(&target, &user, now) };
        Ok(Some(Decision::edited(&user, edit, admin.event(AuditKind::SessionsRevoked, authority, now))))
    })
    .await
}

/// Sets the password of an account, for a reason that the audit log keeps; what was signed in with the old one ends.
pub async fn set_password(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    typed: &Secret<String>,
    reason: &str,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let (target, reason) = (user.into(), reason::read(reason)?);
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    let all = affiliations::all(admin).await?;
    delegated::require_to_reset(authority, &all, &user)?;
    delegated::require_a_way_in(admin, authority, &user).await?;
    // Hashing is slow: it comes before the account is looked at for the change.
    let phc = hash(admin, typed, user.email.as_str(), user.name()).await?;
    change(admin, (authority, Permission::WriteUsers), &target, |user, now| {
        delegated::require_to_reset(authority, &all, &user)?;
        let edit = UserEdit { ends_everything: true, ..edit_of(&target, &user, now) };
        let event = admin.event(AuditKind::PasswordChanged, authority, now).saying(reason.clone());
        let mut decision = Decision::edited(&user, edit, event);
        let password = PasswordCredential { user: user.id, phc: phc.clone(), changed_at: now };
        decision.changes.push(Change::PutPassword(password));
        Ok(Some(decision))
    })
    .await
}

/// Deletes an account with everything that it has. From the commit on nothing of it counts, its address is free, and an identity that it was linked
/// to can be linked to another account; its id is never used again. What the audit log has of it is its id. No account deletes itself by this.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteUsers)?;
    let target = user.into();
    if *authority.actor() == Actor::User(*target.key()) {
        return Err(Rejected::OwnAccount);
    }
    change(admin, (authority, Permission::WriteUsers), &target, |user, now| {
        let edit = UserEdit { ends_everything: true, ..edit_of(&target, &user, now) };
        let event = admin.event(AuditKind::UserDeleted, authority, now);
        let told = admin.accounts.told_of_deletion(&user, &event);
        let changes = [Change::DeleteUser(edit)].into_iter().chain(told).collect();
        Ok(Some(Decision { user, changes, event }))
    })
    .await
    .map(drop)
}

/// What a new password must be, in a sentence.
pub async fn password_rules(admin: &Administration) -> Result<String, Rejected> {
    Ok(format!(
        "The password must have at least {} characters, be none that guessers try first, and not lean on the address or the name.",
        admin.accounts.rules().await?.sign_in.password_min_chars
    ))
}

/// What says whether a password may be an account's, with this address and name.
pub async fn password_check<'a>(
    admin: &Administration,
    email: &'a str,
    name: Option<&'a str>,
) -> Result<impl Fn(&Secret<String>) -> Result<(), Rejected> + 'a, Rejected> {
    let rules = admin.accounts.rules().await?;
    Ok(move |typed: &Secret<String>| {
        Ok(rules.check_password(typed, email, name).map(drop).map_err(AccountRejected::Password)?)
    })
}

async fn hash(
    admin: &Administration,
    typed: &Secret<String>,
    email: &str,
    name: Option<&str>,
) -> Result<Secret<String>, Rejected> {
    let accounts = &admin.accounts;
    let password = accounts.rules().await?.check_password(typed, email, name).map_err(AccountRejected::Password)?;
    accounts.take_password(password, &Asker::operator()).await.map_err(|not_taken| match not_taken {
        NotTaken::Rejected(why) => AccountRejected::Password(why).into(),
        NotTaken::Hashing(HashingFailed::Busy { .. }) => Rejected::Busy,
        NotTaken::Hashing(HashingFailed::Unreadable) => {
            Rejected::Store(StoreError::Corrupt("argon2 refused its parameters".to_owned()))
        }
    })
}

/// The names of the document's fields that differ.
fn differences(was: &User, is: &User) -> Vec<String> {
    let fields = |user: &User| members(&UserResource::from(user));
    differing(&fields(was), &fields(is))
}
