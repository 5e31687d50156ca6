//! Links that administrators have mailed: an invitation to a new account, and a way back into one.
//!
//! No administrator ever sees such a link: it goes to the mailbox of the account, and whoever uses it sets the password. A link takes no second factor away.

use super::{administers, commit_and_claim, create_of, load};
use crate::admin::attributes;
use crate::admin::{
    Administration, Aggregate, FieldError, Permission, ProvenAuthority, Rejected, Target, users::UserResource,
};
use crate::identity::accounts::Asked;
use crate::mail::Letter;
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::store::Change;
use crate::support::id::UserId;
use crate::support::{Timestamp, line};

/// The page of both links.
const PATH: &str = "/reset";
/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 200;

/// Makes an account for somebody, who is mailed a link to set its password by. It proves the address, too.
pub async fn invite(admin: &Administration, authority: &ProvenAuthority, new: UserResource) -> Result<User, Rejected> {
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
    let (user, mut changes) = create_of(admin, (&unproved, &declared), now).await?;
    changes.extend(invitation(admin, &user));
    changes.push(Change::Audit(admin.event(AuditKind::UserCreated, authority, now).to_user(user.id)));
    changes.push(Change::Audit(admin.event(AuditKind::UserInvited, authority, now).to_user(user.id)));
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
    let stores = admin.stores();
    let has_a_way_in =
        stores.users.password(user.id).await?.is_some() || !stores.upstream_links.of_user(user.id).await?.is_empty();
    if has_a_way_in {
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
    let reason = line::parse(reason, MAX_REASON_CHARS)
        .map_err(|why| Rejected::Invalid(vec![FieldError::Line(why).of("reason")]))?;
    let user = load(admin, authority, &user.into()).await?;
    let what = (OneTimeTokenPurpose::ResetPassword, MailPurpose::ResetPassword, PATH);
    let (link, mut changes) = admin.accounts.new_link(&user, what, user.email.clone());
    changes.extend(mailed(admin, &user, Letter::ResetByAdministrator(link)));
    let event = admin.event(AuditKind::PasswordResetAsked, authority, admin.clock().now());
    changes.push(Change::Audit(event.to_user(user.id).saying(reason)));
    admin.commit(authority, Aggregate::User, changes).await?;
    Ok(user)
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
