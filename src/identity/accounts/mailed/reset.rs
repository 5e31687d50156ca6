//! A new password for somebody who forgot theirs, or never had one.

use std::time::Duration;

use super::{Accounts, AskRejected, Asked, Entered, LinkRejected, Origin, Presented, nothing_stays};
use crate::identity::accounts::NotTaken;
use crate::identity::one_time;
use crate::identity::password::{Asker, HashingFailed, PasswordRejected};
use crate::mail::{self, Letter, Link};
use crate::model::audit_event::{AuditKind, PREPARED_ENDED};
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::user::{EmailAddress, PasswordCredential};
use crate::model::user_edit::UserEdit;
use crate::store::{Change, StoreError, StoreResult};
use crate::support::{Secret, Timestamp};

/// The page of the link.
const PATH: &str = "/reset";
/// The links that a password can be set by: whoever has one read the mailbox of the account's own address.
pub const SETS_PASSWORD: &[OneTimeTokenPurpose] =
    &[OneTimeTokenPurpose::ResetPassword, OneTimeTokenPurpose::VerifyAddress, OneTimeTokenPurpose::Invitation];

/// The links of the page on which somebody gets a way in: those, and the one by which an administrator who lost every way makes a passkey.
pub const GIVES_WAY_IN: &[OneTimeTokenPurpose] = &[
    OneTimeTokenPurpose::ResetPassword,
    OneTimeTokenPurpose::VerifyAddress,
    OneTimeTokenPurpose::Invitation,
    OneTimeTokenPurpose::Recovery,
];

/// Why no password was set.
#[derive(Debug)]
pub enum ResetRejected {
    /// The link does nothing any more.
    Link(LinkRejected),
    /// It may not be a password.
    Password(PasswordRejected),
    /// Too many logins at once.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
}

impl From<StoreError> for ResetRejected {
    fn from(error: StoreError) -> Self {
        Self::Link(error.into())
    }
}

impl From<NotTaken> for ResetRejected {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Rejected(why) => Self::Password(why),
            NotTaken::Hashing(failed) => hashing_failed(failed),
        }
    }
}

impl Accounts {
    /// Whether somebody who forgot their password can be helped by mail.
    pub async fn resets_passwords(&self) -> StoreResult<bool> {
        Ok(self.mailer.is_on() && self.policies.sign_in().await?.passwords)
    }

    /// Mails a link to set a new password by. Takes the same steps, and answers the same, whether there is such an account or not, and whether it gets a mail.
    pub async fn ask_to_reset(&self, typed: &str, from: &Origin, asked: Asked) -> Result<(), AskRejected> {
        if !self.resets_passwords().await? {
            return Err(AskRejected::SwitchedOff);
        }
        let Ok(email) = EmailAddress::parse(typed) else {
            // What is no address says nothing of an account. It counts all the same.
            self.may_mail("no address", None, from).await?;
            return Ok(());
        };
        let to = self.addressee(&email, from, |user, ways| ways.go_with_the_address(user)).await?;
        let lifetime = mail::useful_for(MailPurpose::ResetPassword);
        let drawn = one_time::draw(OneTimeTokenPurpose::ResetPassword, lifetime, self.clock.now(), &*self.random);
        let token = OneTimeToken { address: Some(to.email.clone()), ..drawn.token };
        let letter = Letter::ResetPassword(Link { flow: asked.flow, ..Link::to(PATH, drawn.text.expose()) });
        Ok(self.send_asked(&to, (token, letter), (AuditKind::PasswordResetAsked, asked.page)).await?)
    }

    /// Sets a password by a link: everything that was signed in with the old one ends, the address is proved, and nothing else of the account changes. A
    /// second factor that it has is asked for as before. Where the address was not proved before, what somebody else prepared with it goes too, second factors
    /// among it: whoever made the account had the address of somebody else.
    pub async fn reset_password(
        &self,
        text: &Secret<String>,
        new: &Secret<String>,
        from: &Origin,
    ) -> Result<Entered, ResetRejected> {
        let presented = self.presented(SETS_PASSWORD, text).await?;
        let presented = presented.ok_or(ResetRejected::Link(LinkRejected::Spent))?;
        let user = presented.user();
        let rules = self.rules().await?;
        let new = rules.check_password(new, user.email.as_str(), user.name()).map_err(ResetRejected::Password)?;
        let phc = self.take_password(new, &Asker::new(user.email.as_str(), from.address)).await?;
        let now = self.clock.now();
        let password = PasswordCredential { user: user.id, phc, changed_at: now };
        // Whoever forgot their password wants another; whoever had a mail that asked whose address it is did not make the account.
        let strange = presented.purpose() == OneTimeTokenPurpose::VerifyAddress;
        let prepared_ended = self.has_prepared(&presented, strange).await?;
        let changes = self.entry_by_link((&presented, prepared_ended), vec![Change::PutPassword(password)], now);
        self.stores.work.commit(changes).await?;
        // The browser in which somebody read the account's mail is none that they would want to be told of.
        self.throttle.now_known(user.id, from).await;
        Ok(Entered { user: presented.user_after(now), prepared_ended })
    }

    /// What a link does that gives its reader a way in: all of it or nothing, and using the link up comes last.
    pub(in crate::identity) fn entry_by_link(
        &self,
        (presented, prepared_ended): (&Presented, bool),
        way_in: Vec<Change>,
        now: Timestamp,
    ) -> Vec<Change> {
        let user = presented.user();
        let edit = UserEdit {
            decided_in: Some(user.epochs()),
            version_seen: Some(user.version),
            proved_address: Some(user.email.clone()),
            ..UserEdit::end_of_everything(user.id, now)
        };
        let kind = match presented.purpose() {
            OneTimeTokenPurpose::Invitation => AuditKind::InvitationAccepted,
            _ => AuditKind::PasswordReset,
        };
        let mut changes = vec![Change::EditUser(edit)];
        if !user.email_verified {
            changes.push(nothing_stays(user.id));
        }
        // After what went: it stays.
        changes.extend(way_in);
        let event = self.own_event(kind, user.id);
        changes.push(Change::Audit(if prepared_ended { event.saying(PREPARED_ENDED) } else { event }));
        changes.push(presented.take(now));
        changes
    }
}

fn hashing_failed(why: HashingFailed) -> ResetRejected {
    match why {
        HashingFailed::Busy { retry_after } => ResetRejected::Busy { retry_after },
        HashingFailed::Unreadable => {
            ResetRejected::Link(LinkRejected::Store(StoreError::Corrupt("argon2 refused its parameters".to_owned())))
        }
    }
}
