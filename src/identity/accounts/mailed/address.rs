//! Another address for an account: the new one is proved first, and the old one can take it back.

use std::time::Duration;

use super::asked::nobody;
use super::verification::{PATH as PROVED_AT, holds};
use super::{Accounts, Asked, LinkRejected, Origin, Presented};
use crate::identity::RecentProof;
use crate::identity::throttling::Throttled;
use crate::mail::{Letter, Link};
use crate::model::audit_event::AuditKind;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::session::SignIn;
use crate::model::user::{EmailAddress, User};
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The page of the link that takes a change back.
const UNDONE_AT: &str = "/undo-email";

/// Why no other address was asked for.
#[derive(Debug)]
pub enum ChangeAddressRejected {
    /// It is no address.
    NotAnAddress,
    /// It is the one that the account has.
    Same,
    /// Mail does not leave this server.
    SwitchedOff,
    /// The network asks too often.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The account ended meanwhile.
    Gone,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for ChangeAddressRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Ended | Conflict::Stale) => Self::Gone,
            other => Self::Store(other),
        }
    }
}

impl From<Throttled> for ChangeAddressRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl Accounts {
    /// Mails a link to the address that an account is to have; until it is used nothing changes. Whether another account has the address is not told.
    pub async fn ask_to_change_address(
        &self,
        proof: &RecentProof,
        typed: &str,
        from: &Origin,
        asked: Asked,
    ) -> Result<(), ChangeAddressRejected> {
        if !self.mailer.is_on() {
            return Err(ChangeAddressRejected::SwitchedOff);
        }
        let new = EmailAddress::parse(typed).map_err(|_| ChangeAddressRejected::NotAnAddress)?;
        let user = self.stores.users.find(proof.account()).await?.ok_or(ChangeAddressRejected::Gone)?;
        if new == user.email {
            return Err(ChangeAddressRejected::Same);
        }
        // Under the new address, too: nobody is mailed by many accounts what one may not mail them.
        let may_mail = self.may_mail(&user.id.to_string(), Some(&new), from).await?;
        let other = self.stores.users.find_by_email(&new).await?.filter(|other| other.id != user.id);
        let event = self.own_event(AuditKind::AddressChangeAsked, user.id);
        // Where another account has it, the same is done for nobody, and nobody is mailed.
        let owner = if may_mail && other.is_none() { user.clone() } else { User { id: nobody(&new), ..user.clone() } };
        let what = (OneTimeTokenPurpose::ChangeAddress, MailPurpose::NewAddress, PROVED_AT);
        let (link, counting) = self.new_link(&owner, what, new.clone());
        let letter = Letter::NewAddress(Link { flow: None, ..link });
        let locale = self.mailer.locale_of(Some(&user), asked.page);
        let mut changes = vec![Change::Holds(proof.ground()), Change::Audit(event)];
        changes.extend(counting);
        changes.extend(self.put_asked((Some(owner.id), &new), locale, letter));
        Ok(self.stores.work.commit(changes).await?)
    }

    /// Gives the account the address that a link proves. The one that it had is told, and can take it back if it was proved itself.
    pub(super) async fn change_address(&self, presented: &Presented, sign_in: &SignIn) -> Result<(), LinkRejected> {
        let (user, now) = (presented.user(), self.clock.now());
        let new = presented.address().clone();
        let edit = UserEdit {
            decided_in: Some(sign_in.epochs()),
            version_seen: Some(user.version),
            proved_address: Some(new.clone()),
            ..UserEdit::new(user.id, now)
        };
        let mut changes = vec![holds(sign_in), Change::EditUser(edit)];
        let mut undo = None;
        if user.email_verified {
            let what = (OneTimeTokenPurpose::UndoAddress, MailPurpose::AddressChanged, UNDONE_AT);
            let (link, counting) = self.new_link(user, what, user.email.clone());
            changes.extend(counting);
            undo = Some(link);
        }
        let letter = Letter::AddressChanged { now: new.to_string(), undo };
        changes.extend(self.mailer.put(&user.email, Some(user.id), self.mailer.locale_of(Some(user), None), letter));
        changes.push(Change::Audit(self.own_event(AuditKind::AddressChanged, user.id)));
        changes.push(presented.take(now));
        Ok(self.stores.work.commit(changes).await?)
    }

    /// Gives the account back the address that it had, for whoever reads its mail. Everything that was signed in ends, and what was added since goes. What is older stays, so that a
    /// former mailbox is worth no more than a second factor that was there before. Where there was none, the mailbox is all that tells whose the account is, and the password goes, too:
    /// whoever changed the address knows it, or may have changed it. A new one is asked for by mail.
    pub async fn undo_change_of_address(&self, presented: &Presented) -> Result<(), LinkRejected> {
        let (user, now) = (presented.user(), self.clock.now());
        let edit = UserEdit {
            version_seen: Some(user.version),
            proved_address: Some(presented.address().clone()),
            ..UserEdit::end_of_everything(user.id, now)
        };
        let since = presented.token.created_at;
        let mut changes = vec![
            Change::EditUser(edit),
            Change::DeleteWaysInSince { user: user.id, since },
            Change::Audit(self.own_event(AuditKind::AddressRestored, user.id)),
            presented.take(now),
        ];
        if !self.had_a_second_factor(user.id, since).await? {
            changes.push(Change::DeletePassword(user.id));
        }
        Ok(self.stores.work.commit(changes).await?)
    }

    /// Whether an account has a second factor that was there before.
    async fn had_a_second_factor(&self, user: UserId, since: Timestamp) -> StoreResult<bool> {
        let apps = self.factors(user).await?.all;
        let passkeys = if self.policies.sign_in().await?.passkeys {
            self.stores.passkeys.of_user(user).await?
        } else {
            Vec::new()
        };
        let mut made = apps.iter().map(|app| app.created_at).chain(passkeys.iter().map(|passkey| passkey.created_at));
        Ok(made.any(|made| made < since))
    }
}
