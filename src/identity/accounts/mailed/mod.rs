//! Links that are mailed: what they lead to, and what they are worth.
//!
//! Whoever presents a link has read the mailbox that it went to, and has proved nothing else. So a link does for the account, the address and the epoch that its
//! row names, and for no others, whatever a form says besides; it does so once, in one unit of work of which using it up is the last statement; and looking at it
//! does nothing.
//!
//! **What somebody else prepared.** Anybody can make an account with an address that is not theirs and wait for its owner. So where a link proves an address that
//! was not proved before, and nobody is signed in here who could be the one who made the account, all that was there before goes: sessions, links, passkeys,
//! second factors, the password.
//! An end-user who is signed in to the account in the browser in which they use the link made it, or proved it: nothing of theirs goes.

use super::{Accounts, Attempt, CodeRejected, Origin};
use crate::identity::one_time::{self, BrowserKey, Drawn};
use crate::mail::{self, Link};
use crate::model::Locale;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::user::{EmailAddress, User};
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

mod address;
mod asked;
mod code;
mod reset;
mod sign_in;
mod verification;

pub use address::ChangeAddressRejected;
pub use asked::AskRejected;
pub(super) use asked::newcomer;
pub use reset::{GIVES_WAY_IN, ResetRejected, SETS_PASSWORD};
pub use sign_in::SIGNS_IN;
pub use verification::PROVES_ADDRESS;

/// Where a mail was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The language of the page.
    pub page: Option<Locale>,
    /// The pending login that it interrupts.
    pub flow: Option<String>,
}

/// Why a link did nothing.
#[derive(Debug)]
pub enum LinkRejected {
    /// It was used, has expired, was replaced by a newer one, is about what is not so any more, or never was.
    Spent,
    /// Another account has the address by now.
    Taken,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for LinkRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::TokenSpent | Conflict::Stale | Conflict::Ended) => Self::Spent,
            StoreError::Conflict(Conflict::Taken) => Self::Taken,
            other => Self::Store(other),
        }
    }
}

/// Who came in by a link or a code that was mailed.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The account as it is now.
    pub user: User,
    /// Ways in that somebody else may have prepared went with it, which its reader is told.
    pub prepared_ended: bool,
}

/// A link that would do what it is for, as of when it was looked at.
#[derive(Clone, Debug)]
pub struct Presented {
    pub(super) token: OneTimeToken,
    pub(super) user: User,
}

impl Presented {
    /// What it is for.
    pub const fn purpose(&self) -> OneTimeTokenPurpose {
        self.token.purpose
    }

    /// The account that it is about.
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// The address that it is about.
    pub fn address(&self) -> &EmailAddress {
        self.token.address.as_ref().unwrap_or(&self.user.email)
    }

    /// Whether it is good in this browser.
    pub fn is_of(&self, browser: &BrowserKey) -> bool {
        self.token.browser.is_none_or(|one| one == one_time::browser_of(browser))
    }

    /// The account as it is once its reader was given a way in by it: everything from before has ended.
    pub(in crate::identity) fn user_after(&self, now: Timestamp) -> User {
        // The way back of an administrator was mailed to nobody.
        let email_verified = self.user.email_verified || self.purpose() != OneTimeTokenPurpose::Recovery;
        let edited = User { email_verified, version: self.user.version + 1, ..self.user.clone() };
        edited.with_everything_ended(now)
    }

    /// Uses it up: the last change of its unit of work.
    pub(super) fn take(&self, now: Timestamp) -> Change {
        Change::TakeOneTimeToken { id: self.token.id, digest: self.token.digest, now }
    }

    /// Whether it is about the account as it is.
    fn still_fits(&self) -> bool {
        let Self { token, user } = self;
        let about_present_address = match token.purpose {
            OneTimeTokenPurpose::ResetPassword
            | OneTimeTokenPurpose::VerifyAddress
            | OneTimeTokenPurpose::Invitation
            | OneTimeTokenPurpose::Recovery
            | OneTimeTokenPurpose::SignIn
            | OneTimeTokenPurpose::SecondFactor => true,
            OneTimeTokenPurpose::ChangeAddress
            | OneTimeTokenPurpose::UndoAddress
            | OneTimeTokenPurpose::SignUp
            | OneTimeTokenPurpose::ClaimServer => false,
        };
        user.is_active()
            && token.epoch.is_none_or(|epoch| epoch == user.epoch)
            && (!about_present_address || self.address().lookup_key() == user.email.lookup_key())
    }
}

/// Removes what somebody else may have prepared: nothing is older than the beginning.
const fn nothing_stays(user: UserId) -> Change {
    Change::DeleteWaysInSince { user, since: Timestamp::from_millis(0) }
}

impl Accounts {
    /// Whether anything goes where the address of an account is proved for the first time by who is not signed in to it: what somebody else may have prepared. Where a
    /// password goes is for the caller to say: a link for a new one replaces it in any case.
    pub(in crate::identity) async fn has_prepared(
        &self,
        presented: &Presented,
        password_goes: bool,
    ) -> StoreResult<bool> {
        let user = presented.user();
        if user.email_verified {
            return Ok(false);
        }
        let factors = self.factors(user.id).await?;
        let password = password_goes && self.stores.users.password(user.id).await?.is_some();
        Ok(password
            || factors.any()
            || !self.stores.passkeys.of_user(user.id).await?.is_empty()
            || !self.stores.upstream_links.of_user(user.id).await?.is_empty())
    }

    /// What a link is worth now, where it is one of these. Looking uses nothing up.
    pub async fn presented(
        &self,
        purposes: &[OneTimeTokenPurpose],
        text: &Secret<String>,
    ) -> StoreResult<Option<Presented>> {
        for purpose in purposes {
            let Some((id, digest)) = one_time::read(*purpose, text) else { return Ok(None) };
            let found = self.stores.one_time_tokens.find(id, digest, self.clock.now()).await?;
            let Some(token) = found.filter(|token| token.purpose == *purpose) else { continue };
            let Some(id) = token.user else { return Ok(None) };
            let Some(user) = self.stores.users.find(id).await? else { return Ok(None) };
            return Ok(Some(Presented { token, user }).filter(Presented::still_fits));
        }
        Ok(None)
    }

    /// A link for an account, and the changes that make it count: it ends those before it, unless each stands for itself.
    pub(crate) fn new_link(
        &self,
        user: &User,
        (purpose, mail, path): (OneTimeTokenPurpose, MailPurpose, &str),
        address: EmailAddress,
    ) -> (Link, Vec<Change>) {
        let now = self.clock.now();
        let Drawn { text, token } = one_time::draw(purpose, mail::useful_for(mail), now, &*self.random);
        let undo = purpose == OneTimeTokenPurpose::UndoAddress;
        // Whoever took an account over ends everything of it: the way back must outlive that, and further changes of the address.
        let epoch = (!undo).then_some(user.epoch);
        let token = OneTimeToken { user: Some(user.id), address: Some(address), epoch, ..token };
        let mut changes = Vec::new();
        if !undo {
            changes.push(Change::DropOneTimeTokensOf(purpose, user.id));
        }
        changes.push(Change::InsertOneTimeToken(token));
        (Link::to(path, text.expose()), changes)
    }
}
