//! Accepting an invitation by a passkey, and nothing else.
//!
//! The link says whose account it is and that its address is theirs; the passkey is the way in that they choose. Both count in one unit of work, of which using the
//! link up is the last statement. Leaves what a link does to an account to `accounts`.

use webauthn_rs_core::proto::RegistrationState;

use super::ceremony::Purpose;
use super::{Asked, Ceremony, PasskeyRejected, Passkeys};
use crate::identity::accounts::{Entered, LinkRejected, Origin, Presented};
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::store::{Change, StoreError, StoreResult};
use crate::support::{Digest, Secret};

/// The links that it is done by. A link for a new password is none: whoever asks for one has an account, and ways in.
const LINKS: &[OneTimeTokenPurpose] = &[OneTimeTokenPurpose::Invitation];

/// Why an invitation was not accepted.
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
    /// Asks a browser to make a passkey for the account that a link invites to. `None` where that is not what the link is for, or nobody is given any.
    pub async fn ask_to_accept(&self, presented: &Presented, browser: Digest) -> StoreResult<Option<Ceremony>> {
        if !LINKS.contains(&presented.purpose()) {
            return Ok(None);
        }
        self.ask_to_make(Purpose::Invitation, presented.user(), browser).await
    }

    /// Accepts an invitation by the passkey that a browser made for it: the address is proved, everything that was signed in before ends, and so does what somebody
    /// else may have prepared. However often it is tried at once, a link makes one passkey count.
    pub async fn accept_invitation(
        &self,
        link: &Secret<String>,
        (from, browser): (&Origin, Digest),
        (ticket, answer): (&str, &str),
    ) -> Result<Entered, NotAccepted> {
        let accounts = &self.accounts;
        let presented = accounts.presented(LINKS, link).await?.ok_or(NotAccepted::Link(LinkRejected::Spent))?;
        let account = presented.user().id;
        let party = self.asking_party().await?;
        let asked = Asked { browser, account: Some(account) };
        let opened = self.open::<RegistrationState>(Purpose::Invitation, asked, ticket)?;
        let passkey = self.made((party, &opened.state), account, None, answer)?;
        if accounts.stores.passkeys.find(&passkey.credential_id).await?.is_some() {
            return Err(PasskeyRejected::Taken.into());
        }
        let now = passkey.created_at;
        // A password that there is by now is of somebody who was not invited.
        let way_in = vec![opened.used(now), Change::DeletePassword(account), Change::InsertPasskey(Box::new(passkey))];
        let prepared_ended = accounts.has_prepared(&presented, true).await?;
        let changes = accounts.entry_by_link((&presented, prepared_ended), way_in, now);
        accounts.stores.work.commit(changes).await?;
        accounts.throttle.now_known(account, from).await;
        Ok(Entered { user: presented.user_after(now), prepared_ended })
    }
}
