//! Proving the address of an account.

use super::{Accounts, AskRejected, Asked, LinkRejected, Origin, Presented};
use crate::mail::{Letter, Link};
use crate::model::audit_event::AuditKind;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::session::SignIn;
use crate::model::user::User;
use crate::model::user_edit::UserEdit;
use crate::store::{ActingAccount, Change, Ground};

/// The page of the link.
pub(super) const PATH: &str = "/verify-email";
/// The links that prove an address.
pub const PROVES_ADDRESS: &[OneTimeTokenPurpose] =
    &[OneTimeTokenPurpose::VerifyAddress, OneTimeTokenPurpose::ChangeAddress];

impl Accounts {
    /// Mails a link to prove the address of an account by, unless it was mailed too often already, which nobody is told.
    pub async fn ask_to_verify(&self, user: &User, from: &Origin, asked: Asked) -> Result<(), AskRejected> {
        if !self.mailer.is_on() {
            return Err(AskRejected::SwitchedOff);
        }
        if user.email_verified || !self.may_mail(&user.id.to_string(), Some(&user.email), from).await? {
            return Ok(());
        }
        Ok(self.stores.work.commit(self.verification_of(user, asked)).await?)
    }

    /// The changes that mail a link to prove the address of an account by; none where mail does not leave this server.
    pub(in super::super) fn verification_of(&self, user: &User, asked: Asked) -> Vec<Change> {
        let what = (OneTimeTokenPurpose::VerifyAddress, MailPurpose::VerifyAddress, PATH);
        let (link, mut changes) = self.new_link(user, what, user.email.clone());
        let letter = Letter::VerifyAddress(Link { flow: asked.flow, ..link });
        let locale = self.mailer.locale_of(Some(user), asked.page);
        match self.put_asked((Some(user.id), &user.email), locale, letter) {
            Some(mail) => {
                changes.push(mail);
                changes
            }
            None => Vec::new(),
        }
    }

    /// Proves the address that a link is about, for an end-user who is signed in to the account: what they have there is theirs and stays.
    pub async fn verify_address(&self, presented: &Presented, sign_in: &SignIn) -> Result<(), LinkRejected> {
        let user = presented.user();
        if sign_in.user != user.id {
            return Err(LinkRejected::Spent);
        }
        if presented.purpose() == OneTimeTokenPurpose::ChangeAddress {
            return self.change_address(presented, sign_in).await;
        }
        let now = self.clock.now();
        let edit = UserEdit {
            decided_in: Some(sign_in.epochs()),
            version_seen: Some(user.version),
            proved_address: Some(user.email.clone()),
            ..UserEdit::new(user.id, now)
        };
        let changes = vec![
            holds(sign_in),
            Change::EditUser(edit),
            Change::Audit(self.own_event(AuditKind::AddressVerified, user.id)),
            presented.take(now),
        ];
        Ok(self.stores.work.commit(changes).await?)
    }
}

/// What somebody does who is signed in rests on their sign-in.
pub(super) const fn holds(sign_in: &SignIn) -> Change {
    let (id, epochs) = (sign_in.user, sign_in.epochs());
    Change::Holds(Ground::Account(ActingAccount { id, epochs, sign_in: Some(sign_in.id), roles: None }))
}
