//! Getting into an account by a passkey, and nothing else, which a link is made for: an invitation, or the way back of an administrator who lost every other one.
//!
//! The link says whose account it is; the passkey is the way in that they choose. Both count in one unit of work, of which using the link up is the last statement. Leaves
//! what a link does to an account to `accounts`.

use webauthn_rs_core::proto::RegistrationState;

use super::ceremony::{Page, Purpose};
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::accounts::{Entered, LinkRejected, Origin, Presented};
use crate::model::audit_event::AuditKind;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::passkey::{KeyProtection, Passkey};
use crate::store::{Change, StoreError, StoreResult};
use crate::support::{Digest, Secret};

/// The links that it is done by. A link for a new password is none: whoever asks for one has an account, and ways in.
const LINKS: &[OneTimeTokenPurpose] = &[OneTimeTokenPurpose::Invitation, OneTimeTokenPurpose::Recovery];

/// Why nobody got in.
#[derive(Debug)]
pub enum NotAccepted {
    /// The link does nothing any more.
    Link(LinkRejected),
    /// What is wrong with the passkey.
    Passkey(PasskeyRejected),
}

impl From<PasskeyRejected> for NotAccepted {
    fn from(rejected: PasskeyRejected) -> Self {
        Self::Passkey(rejected)
    }
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> Self {
        Self::Link(error.into())
    }
}

impl Passkeys {
    /// Asks a browser to make a passkey for the account that a link leads into. `None` where that is not what the link is for, or nobody is given any.
    pub async fn ask_to_accept(&self, presented: &Presented, browser: Digest) -> StoreResult<Option<Ceremony>> {
        match purpose_of(presented) {
            Some(purpose) => {
                let page = Page::opened(self.accounts.clock.now(), Some(presented.user()));
                self.ask_to_make(purpose, presented.user(), (browser, page)).await
            }
            None => Ok(None),
        }
    }

    /// Gets into an account by the passkey that a browser made for the link: everything that was signed in before ends. An invitation proves the address, too, and ends what
    /// somebody else may have prepared; the way back replaces what there was. However often it is tried at once, a link makes one passkey count. Says where its key is, too.
    pub async fn accept_invitation(
        &self,
        link: &Secret<String>,
        (from, browser): (&Origin, Digest),
        (ticket, answer): (&str, &str),
    ) -> Result<(Entered, KeyProtection), NotAccepted> {
        let accounts = &self.accounts;
        let presented = accounts.presented(LINKS, link).await?.ok_or(NotAccepted::Link(LinkRejected::Spent))?;
        let account = presented.user().id;
        let party = self.asking_party().await?;
        let asked = Asked { browser, account: Some(account) };
        let purpose = purpose_of(&presented).ok_or(NotAccepted::Link(LinkRejected::Spent))?;
        let opened = self.open::<RegistrationState>(purpose, asked, ticket)?;
        let passkey = self.made((party, &opened.state), account, None, answer)?;
        if accounts.stores.passkeys.find(&passkey.credential_id).await?.is_some() {
            return Err(PasskeyRejected::Taken.into());
        }
        let (now, protection) = (passkey.created_at, passkey.protection);
        let used = opened.used(now);
        let (prepared_ended, changes) = if purpose == Purpose::Recovery {
            (false, presented.recovers(self.replaced_by(used, passkey).await?, now))
        } else {
            // A password that there is by now is of somebody who was not invited.
            let way_in = vec![used, Change::DeletePassword(account), Change::InsertPasskey(Box::new(passkey))];
            let prepared_ended = accounts.has_prepared(&presented, true).await?;
            (prepared_ended, accounts.entry_by_link((&presented, prepared_ended), way_in, now))
        };
        accounts.stores.work.commit(changes).await?;
        accounts.throttle.now_known(account, from).await;
        Ok((Entered { user: presented.user_after(now), prepared_ended }, protection))
    }

    /// What puts a passkey into the place of those that an account has.
    async fn replaced_by(&self, used: Change, passkey: Passkey) -> StoreResult<Vec<Change>> {
        let mut changes = vec![used, Change::DeletePasskeys(passkey.user)];
        for lost in self.of(passkey.user).await? {
            changes.push(Change::Audit(self.event(AuditKind::PasskeyRemoved, &lost).saying(lost.name)));
        }
        let added = self.event(AuditKind::PasskeyAdded, &passkey).saying(passkey.name.clone());
        changes.extend([Change::InsertPasskey(Box::new(passkey)), Change::Audit(added)]);
        Ok(changes)
    }
}

/// What a passkey is made for by a link, where one is.
const fn purpose_of(presented: &Presented) -> Option<Purpose> {
    match presented.purpose() {
        OneTimeTokenPurpose::Invitation => Some(Purpose::Invitation),
        OneTimeTokenPurpose::Recovery => Some(Purpose::Recovery),
        _ => None,
    }
}
