//! Links that administrators have mailed: an invitation to a new account, and a way back into one.
//!
//! No administrator ever sees such a link: it goes to the mailbox of the account, and whoever uses it sets the password. A link takes no second factor away.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::memberships::{MembershipsResource, given_to_new};
use super::{administers, commit_and_claim, create_of, load, reason};
use crate::admin::attributes;
use crate::admin::document::{Document, Verdict};
use crate::admin::{
    Administration, Aggregate, FieldError, Permission, ProvenAuthority, Rejected, Target, users::UserResource,
};
use crate::identity::accounts::Asked;
use crate::mail::Letter;
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::store::{Change, StoreResult};
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
    authority.require(Permission::WriteUsers)?;
    authority.require_to_assign(new.roles.as_deref().unwrap_or_default())?;
    must_mail(admin)?;
    if new.password.is_some() {
        return Err(Rejected::Invalid(vec![FieldError::ReadOnly.of("password")]));
    }
    let now = admin.clock().now();
    let declared = attributes::declared(admin).await?;
    // Whose the address is the link will show.
    let unproved = UserResource { email_verified: None, ..new };
    let (affiliations, told) = given_to_new(admin, &memberships, &format!("{MEMBERSHIPS}.")).await?;
    let (user, mut changes) = create_of(admin, (&unproved, &declared), affiliations, now).await?;
    changes.extend(invitation(admin, &user));
    let event = |kind| admin.event(kind, authority, now).to_user(user.id);
    changes.push(Change::Audit(event(AuditKind::UserCreated)));
    if !told.is_empty() {
        changes.push(Change::Audit(event(AuditKind::MembershipsChanged).saying(told)));
    }
    changes.push(Change::Audit(event(AuditKind::UserInvited)));
    let committed = commit_and_claim(admin, authority, (changes, administers(&user)), now).await;
    committed.map_err(|error| Rejected::of_commit(error, Aggregate::User))?;
    Ok(user)
}

/// Mails an invitation again; the link of the one before ends. Of an account that has a way in already none is sent.
pub async fn invite_again(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    must_mail(admin)?;
    let user = load(admin, authority, &user.into()).await?;
    if has_a_way_in(admin, user.id).await? {
        return Err(Rejected::Invalid(vec![FieldError::ReadOnly.of("invitation")]));
    }
    let event = admin.event(AuditKind::UserInvited, authority, admin.clock().now()).to_user(user.id);
    let changes = [invitation(admin, &user), vec![Change::Audit(event)]].concat();
    admin.commit(authority, Aggregate::User, changes).await?;
    Ok(user)
}

/// Ends the link of an invitation. The account stays, until somebody deletes it.
pub async fn withdraw_invitation(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: impl Into<Target<UserId>>,
) -> Result<User, Rejected> {
    authority.require(Permission::WriteUsers)?;
    let user = load(admin, authority, &user.into()).await?;
    let event = admin.event(AuditKind::InvitationWithdrawn, authority, admin.clock().now()).to_user(user.id);
    let changes = vec![Change::DropOneTimeTokensOf(OneTimeTokenPurpose::Invitation, user.id), Change::Audit(event)];
    admin.commit(authority, Aggregate::User, changes).await?;
    Ok(user)
}

/// Since when an invitation waits for somebody; `None` where none does.
pub async fn invited_at(
    admin: &Administration,
    authority: &crate::admin::Authority,
    user: UserId,
) -> Result<Option<Timestamp>, Rejected> {
    authority.require(Permission::ReadUsers)?;
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
    authority.require(Permission::WriteUsers)?;
    must_mail(admin)?;
    let reason = reason::read(reason)?;
    let user = load(admin, authority, &user.into()).await?;
    let what = (OneTimeTokenPurpose::ResetPassword, MailPurpose::ResetPassword, PATH);
    let (link, mut changes) = admin.accounts.new_link(&user, what, user.email.clone());
    changes.extend(mailed(admin, &user, Letter::ResetByAdministrator(link)));
    let event = admin.event(AuditKind::PasswordResetAsked, authority, admin.clock().now());
    changes.push(Change::Audit(event.to_user(user.id).saying(reason)));
    admin.commit(authority, Aggregate::User, changes).await?;
    Ok(user)
}

/// Whether somebody could sign in to an account.
async fn has_a_way_in(admin: &Administration, user: UserId) -> StoreResult<bool> {
    let stores = admin.stores();
    Ok(stores.users.password(user).await?.is_some()
        || !stores.upstream_links.of_user(user).await?.is_empty()
        || !stores.passkeys.of_user(user).await?.is_empty())
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
