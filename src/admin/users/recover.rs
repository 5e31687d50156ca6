//! The way back of an administrator who lost every other one, for who has the server itself in hand.
//!
//! Owns what it is: a new password, or where passwords are switched off a link by which a passkey is made. Leaves what the link does to `identity`.

use std::time::Duration;

use super::{Decision, change, edit_of, hash, load, reason};
use crate::admin::{Administration, Aggregate, Permission, ProvenAuthority, Rejected, Target};
use crate::identity::one_time::{self, Drawn};
use crate::identity::second_factor::{RecoveryCode, draw_recovery_codes};
use crate::model::User;
use crate::model::audit_event::AuditKind;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::passkey::Passkey;
use crate::model::user::{PasswordCredential, UserStatus};
use crate::model::user_edit::UserEdit;
use crate::store::Change;
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

/// How long the link works: it is shown to who has the server in hand, and goes through no mailbox.
const LINK_LIFETIME: Duration = Duration::from_hours(1);

/// By what an administrator gets back in. It is shown this once.
#[derive(Debug)]
pub enum Recovery {
    /// A new password.
    Password(Secret<String>),
    /// Where passwords are switched off: a link by which a passkey is made.
    Link {
        /// The value of the link's `token` parameter.
        token: Secret<String>,
        /// From when it no longer works.
        expires_at: Timestamp,
    },
}

/// Lets an administrator back in who lost every way: by a new password, no second factor, no passkey, and the account switched on. A passkey that is lost would be a second
/// factor that no end-user proves. Where passwords are switched off, by a link that makes a passkey, which takes the place of all that the account has. For a reason that the
/// audit log keeps. `None` where neither counts: nothing was done.
pub async fn recover(
    admin: &Administration,
    authority: &ProvenAuthority,
    user: UserId,
    reason: &str,
) -> Result<Option<Recovery>, Rejected> {
    authority.require(Permission::AppointOwners)?;
    let reason = reason::read(reason)?;
    let rules = admin.accounts.rules().await?.sign_in;
    let target = Target::from(user);
    let found = load(admin, (authority, Permission::AppointOwners), &target).await?;
    if !found.has_roles() {
        return Err(Rejected::NotFound(Aggregate::User));
    }
    match (rules.passwords, rules.passkeys) {
        (true, _) => {
            by_password(admin, authority, (&target, &found, &reason), rules.password_min_chars).await.map(Some)
        }
        (false, true) => by_link(admin, authority, (&target, &reason)).await.map(Some),
        (false, false) => Ok(None),
    }
}

async fn by_password(
    admin: &Administration,
    authority: &ProvenAuthority,
    (target, found, reason): (&Target<UserId>, &User, &str),
    min_chars: usize,
) -> Result<Recovery, Rejected> {
    let password = drawn(admin, min_chars);
    let phc = hash(admin, &password, found.email.as_str(), found.name()).await?;
    let passkeys = admin.stores().passkeys.of_user(found.id).await?;
    change(admin, (authority, Permission::AppointOwners), target, |user, now| {
        let mut decision = switched_on((admin, authority), (target, &user), reason, now);
        let credential = PasswordCredential { user: user.id, phc: phc.clone(), changed_at: now };
        decision.changes.extend([
            Change::DeleteFactors(user.id),
            Change::OfferFactor(user.id, now),
            Change::PutPassword(credential),
            Change::DeletePasskeys(user.id),
        ]);
        let removed = |passkey: &Passkey| {
            let event = admin.event(AuditKind::PasskeyRemoved, authority, now).to_user(user.id);
            Change::Audit(event.saying(passkey.name.clone()))
        };
        decision.changes.extend(passkeys.iter().map(removed));
        Ok(Some(decision))
    })
    .await?;
    Ok(Recovery::Password(password))
}

async fn by_link(
    admin: &Administration,
    authority: &ProvenAuthority,
    (target, reason): (&Target<UserId>, &str),
) -> Result<Recovery, Rejected> {
    let purpose = OneTimeTokenPurpose::Recovery;
    let Drawn { text, token } = one_time::draw(purpose, LINK_LIFETIME, admin.clock().now(), admin.random());
    change(admin, (authority, Permission::AppointOwners), target, |user, now| {
        let mut decision = switched_on((admin, authority), (target, &user), reason, now);
        // It counts in the epoch that begins by this.
        let epoch = Some(decision.user.epoch);
        let token = OneTimeToken { user: Some(user.id), epoch, ..token.clone() };
        decision.changes.extend([Change::DropOneTimeTokensOf(purpose, user.id), Change::InsertOneTimeToken(token)]);
        Ok(Some(decision))
    })
    .await?;
    Ok(Recovery::Link { token: text, expires_at: token.expires_at })
}

/// What either way begins with: the account may be used, and everything of it ends.
fn switched_on(
    (admin, authority): (&Administration, &ProvenAuthority),
    (target, user): (&Target<UserId>, &User),
    reason: &str,
    now: Timestamp,
) -> Decision {
    let edit = UserEdit { ends_everything: true, status: Some(UserStatus::Active), ..edit_of(target, user, now) };
    Decision::edited(user, edit, admin.event(AuditKind::AccountRecovered, authority, now).saying(reason))
}

/// A password that cannot be guessed, as long as one must be.
fn drawn(admin: &Administration, min_chars: usize) -> Secret<String> {
    let codes: Vec<String> = draw_recovery_codes(admin.random()).iter().map(RecoveryCode::shown).collect();
    let enough = (1..codes.len()).find(|n| codes[..*n].join("-").len() >= min_chars).unwrap_or(codes.len());
    Secret::from(codes[..enough].join("-").to_lowercase())
}
