//! Links that administrators have mailed: an invitation to a new account, and a way back into one.
//!
//! No administrator ever sees such a link: it goes to the mailbox of the account, and whoever uses it sets the password. A link takes no second factor away.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::memberships::{MembershipsResource, given_to_new};
use super::state::has_a_way_in;
use super::{administers, commit_and_claim, create_of, delegated, load, reason, require_of, seen};
use crate::admin::attributes;
use crate::admin::document::{Document, Verdict};
use crate::admin::{
    Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected, Target,
    users::UserResource,
};
use crate::identity::accounts::Asked;
use crate::mail::Letter;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::user::EmailAddress;
use crate::store::{Change, Conflict, StoreError};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The page of both links.
const PATH: &str = "/reset";

/// The account that somebody is invited to: an account as a document, with what it is given at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InvitationResource {
    /// The groups, and the roles in apps, that the account has from the beginning.
    #[serde(default)]
    pub memberships: MembershipsResource,
    /// What is said of the account. It has no password: whoever is invited sets it.
    #[serde(flatten)]
    pub user: UserResource,
}

/// The member of the document that no account has.
const MEMBERSHIPS: &str = "memberships";

impl Document for InvitationResource {
    const SECRETS: &'static [&'static str] = UserResource::SECRETS;

    fn members() -> Vec<&'static str> {
        [UserResource::members(), vec![MEMBERSHIPS]].concat()
    }

    fn verdict(member: &str, value: &Value) -> Verdict {
        if member == MEMBERSHIPS { Verdict::Known } else { UserResource::verdict(member, value) }
    }
}

/// Makes an account for somebody, who is mailed a link to set its password by. It proves the address, too.
pub async fn invite(
    admin: &Administration,
    authority: &ProvenAuthority,
    InvitationResource { memberships, user: new }: InvitationResource,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    authority.require_to_assign(new.roles.as_deref().unwrap_or_default())?;
    require_to_ask(admin, authority).await?;
    must_mail(admin)?;
    if new.password.is_some() {
        return Err(Rejected::Invalid(vec![FieldError::ReadOnly.of("password")]));
    }
    let now = admin.clock().now();
    let declared = attributes::declared(admin).await?;
    // Whose the address is the link will show.
    let unproved = UserResource { email_verified: None, ..new };
    let (affiliations, told) = given_to_new(admin, authority, &memberships, &format!("{MEMBERSHIPS}.")).await?;
    let (user, mut changes) = create_of(admin, (&unproved, &declared), affiliations, now).await?;
    delegated::require_to_say(authority, &User::new(user.id, user.email.clone(), now), &user)?;
    changes.extend(invitation(admin, &user));
    let event = |kind| admin.event(kind, authority, now).to_user(user.id);
    changes.push(Change::Audit(event(AuditKind::UserCreated)));
    if !told.is_empty() {
        changes.push(Change::Audit(event(AuditKind::MembershipsChanged).saying(told)));
    }
    changes.push(Change::Audit(event(AuditKind::UserInvited)));
    let committed = commit_and_claim(admin, authority, (changes, administers(&user)), now).await;
    if matches!(committed, Err(StoreError::Conflict(Conflict::Taken))) {
        note_taken(admin, authority, &user.email).await?;
    }
    committed.map_err(|error| Rejected::of_commit(error, Aggregate::User))?;
    Ok(user)
}

/// Refuses who learned of too many addresses lately that they have accounts. Whoever sees everybody learns nothing by that.
async fn require_to_ask(admin: &Administration, authority: &Authority) -> Result<(), Rejected> {
    match authority.actor() {
        Actor::User(account) if !authority.allows(Permission::ReadUsers) => {
            admin.accounts.throttle.may_invite(*account).await.map_err(|held| Rejected::TooOften(held.retry_after))
        }
        _ => Ok(()),
    }
}

/// Notes that somebody was told of an address that it has an account which they do not see: in the audit log, and towards what they may ask. That holds where the invitation
/// was only tried, too: they know it either way.
async fn note_taken(admin: &Administration, authority: &Authority, email: &EmailAddress) -> Result<(), Rejected> {
    let Some(user) = admin.stores().users.find_by_email(email).await? else { return Ok(()) };
    let Actor::User(account) = authority.actor() else { return Ok(()) };
    if authority.allows_on_person(Permission::ReadUsers, &user) {
        return Ok(());
    }
    let event = admin.event(AuditKind::InvitationRefused, authority, admin.clock().now()).to_user(user.id);
    admin.work().commit(vec![Change::Audit(event)]).await?;
    let counted = admin.accounts.throttle.invitation_refused(*account).await;
    counted.map_err(|held| Rejected::TooOften(held.retry_after))
}

/// Mails an invitation again; the link of the one before ends. Of an account that has a way in already none is sent.
pub async fn invite_again(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    must_mail(admin)?;
    let (target, now) = (user.into(), admin.clock().now());
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    if has_a_way_in(admin, user.id).await? {
        return Err(Rejected::Invalid(vec![FieldError::ReadOnly.of("invitation")]));
    }
    let event = admin.event(AuditKind::UserInvited, authority, now).to_user(user.id);
    let changes = [invitation(admin, &user), vec![Change::Audit(event)]].concat();
    beside(admin, authority, (&target, user), (changes, now)).await
}

/// Ends the link of an invitation. The account stays, until somebody deletes it.
pub async fn withdraw_invitation(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    let (target, now) = (user.into(), admin.clock().now());
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    let event = admin.event(AuditKind::InvitationWithdrawn, authority, now).to_user(user.id);
    let changes = vec![Change::DropOneTimeTokensOf(OneTimeTokenPurpose::Invitation, user.id), Change::Audit(event)];
    beside(admin, authority, (&target, user), (changes, now)).await
}

/// Since when an invitation waits for somebody; `None` where none does.
pub async fn invited_at(
    admin: &Administration,
    authority: &Authority,
    user: UserId,
) -> Result<Option<Timestamp>, Rejected> {
    require_of(admin, (authority, Permission::ReadUsers), user).await?;
    let now = admin.clock().now();
    Ok(admin.stores().one_time_tokens.waits(user, OneTimeTokenPurpose::Invitation, now).await?)
}

/// Mails somebody a link to set a new password by, for a reason that the audit log keeps. Until it is used nothing of the account changes.
pub async fn send_reset_link(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
    reason: &str,
) -> Result<User, Rejected> {
    authority.require_somewhere(Permission::WriteUsers)?;
    must_mail(admin)?;
    let reason = reason::read(reason)?;
    let (target, now) = (user.into(), admin.clock().now());
    let user = load(admin, (authority, Permission::WriteUsers), &target).await?;
    let what = (OneTimeTokenPurpose::ResetPassword, MailPurpose::ResetPassword, PATH);
    let (link, mut changes) = admin.accounts.new_link(&user, what, user.email.clone());
    changes.extend(mailed(admin, &user, Letter::ResetByAdministrator(link)));
    let event = admin.event(AuditKind::PasswordResetAsked, authority, now);
    changes.push(Change::Audit(event.to_user(user.id).saying(reason)));
    beside(admin, authority, (&target, user), (changes, now)).await
}

/// Commits what is changed beside the document of an account, by who is over it still. Answers it as it is then.
async fn beside(
    admin: &Administration,
    authority: &ProvenAuthority,
    (target, user): (&Target<UserId>, User),
    (mut changes, now): (Vec<Change>, Timestamp),
) -> Result<User, Rejected> {
    changes.insert(0, seen((authority, Permission::WriteUsers), target, &user, now));
    admin.commit(authority, Aggregate::User, changes).await?;
    Ok(User { version: user.version + 1, ..user })
}

fn must_mail(admin: &Administration) -> Result<(), Rejected> {
    if admin.accounts.mailer.is_on() {
        Ok(())
    } else {
        Err(Rejected::Invalid(vec![FieldError::ClosedByConfiguration.of("email")]))
    }
}

fn invitation(admin: &Administration, user: &User) -> Vec<Change> {
    let what = (OneTimeTokenPurpose::Invitation, MailPurpose::Invitation, PATH);
    let (link, mut changes) = admin.accounts.new_link(user, what, user.email.clone());
    changes.extend(mailed(admin, user, Letter::Invitation(link)));
    changes
}

fn mailed(admin: &Administration, user: &User, letter: Letter) -> Option<Change> {
    let (mailer, asked) = (&admin.accounts.mailer, Asked::default());
    mailer.put(&user.email, Some(user.id), mailer.locale_of(Some(user), asked.page), letter)
}
