//! Another mail for a sign-up that waits: whoever asks for it hears the same whether the address has an account or not.
//!
//! The sign-up stays the row that it is, in the browser that it is good in, and what somebody signed up with stays in it. Where a mail may be sent, the link and the code of the one before end as it
//! is put; where the address was mailed too often, which nobody is told, the same statements leave both as they were, with the tries that were made at the code.

use super::mailed::newcomer;
use super::sign_up::{SignUpRejected, admit};
use super::{Accounts, AskRejected, Asked, Origin};
use crate::identity::one_time::{self, BrowserKey};
use crate::identity::throttling::Throttled;
use crate::model::mail::MailPurpose;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::model::user::EmailAddress;
use crate::policy::SignInRules;
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::id::OneTimeTokenId;

/// Why no other mail was asked for.
#[derive(Debug)]
pub enum NotMailedAgain {
    /// Nothing waits, or not in this browser, or not by what is decided now.
    Spent,
    /// No mail was asked for.
    Asking(AskRejected),
}

impl From<StoreError> for NotMailedAgain {
    fn from(error: StoreError) -> Self {
        Self::Asking(error.into())
    }
}

impl From<Throttled> for NotMailedAgain {
    fn from(throttled: Throttled) -> Self {
        Self::Asking(throttled.into())
    }
}

/// A sign-up that waits for its mail to be read.
struct Waiting {
    token: OneTimeToken,
    email: EmailAddress,
    rules: SignInRules,
    /// The door that it came through, which must be open still.
    is_open: fn(&SignInRules) -> bool,
}

impl Accounts {
    /// Mails whoever has the address of a sign-up that waits in this browser once more. Takes the same steps, and answers the same, whether there is such an account or not, and whether it gets a
    /// mail.
    pub async fn mail_sign_up_again(
        &self,
        id: OneTimeTokenId,
        (from, key): (&Origin, &BrowserKey),
        asked: Asked,
    ) -> Result<(), NotMailedAgain> {
        let waiting = self.sign_up_that_waits(id, key).await?;
        let Waiting { token, email, rules, is_open } = waiting.ok_or(NotMailedAgain::Spent)?;
        let found = self.stores.users.find_by_email(&email).await?;
        let may_mail = self.may_mail(&newcomer(&email).to_string(), Some(&email), from).await?;
        let seen = token.digest;
        let (drawn, code) = self.redraw_code(token.clone(), MailPurpose::SignUp, key);
        let mailed = self.mailed_to_prove((&email, found.as_ref()), may_mail, (&drawn.text, code), asked);
        let token = if may_mail { drawn.token } else { token };
        let renewed = Change::RenewOneTimeToken { seen, token, now: self.clock.now() };
        match self.commit_sign_up((&rules, is_open), &email, [vec![renewed], mailed].concat()).await {
            // Of two who ask at once, one is mailed. What is over otherwise says so where the code is typed.
            Ok(()) | Err(SignUpRejected::Store(StoreError::Conflict(Conflict::TokenSpent))) => Ok(()),
            Err(SignUpRejected::Store(error)) => Err(error.into()),
            // What nobody may do by now.
            Err(_) => Err(NotMailedAgain::Spent),
        }
    }

    /// A sign-up that waits in this browser, by what is decided now.
    async fn sign_up_that_waits(&self, id: OneTimeTokenId, key: &BrowserKey) -> StoreResult<Option<Waiting>> {
        let (browser, now) = (one_time::browser_of(key), self.clock.now());
        let found = self.stores.one_time_tokens.find_in_browser(id, browser, now).await?;
        let Some(token) = found.filter(|token| token.purpose == OneTimeTokenPurpose::SignUp) else { return Ok(None) };
        let (Some(email), Some(draft)) = (token.address.clone(), self.draft_of(&token)) else { return Ok(None) };
        let rules = self.policies.sign_in().await?;
        let is_open = draft.way_in.door().0;
        let may = self.mailer.is_on() && is_open(&rules) && admit(&rules, &email).is_ok();
        Ok(may.then_some(Waiting { token, email, rules, is_open }))
    }
}
