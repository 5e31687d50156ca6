//! Asking once more: a challenge counts for minutes, and a page stands open for longer.

use super::ceremony::Purpose;
use super::{Ceremony, PasskeyRejected, Passkeys};
use crate::support::Digest;

impl Passkeys {
    /// Asks a browser once more what it was asked by this ticket, which may be too old to be answered, where its page may stand open and nothing of its account has ended. `None`
    /// where nobody is asked that any more.
    pub async fn ask_again(&self, browser: Digest, ticket: &str) -> Result<Option<Ceremony>, PasskeyRejected> {
        let (purpose, page) = self.asked_by(browser, ticket)?;
        let user = match page.account() {
            Some(id) => Some(self.accounts.find(id).await?.ok_or(PasskeyRejected::Ticket)?),
            None => None,
        };
        if !page.may_ask(user.as_ref(), self.accounts.clock.now()) {
            return Err(PasskeyRejected::TooLate);
        }
        let at = (browser, page);
        Ok(match (purpose, user) {
            (Purpose::Use, None) => self.ask_anybody(at).await?,
            (Purpose::Use, Some(user)) => self.ask_one(at, user.id).await?,
            (Purpose::SignUp, _) => self.ask_newcomer(at).await?,
            (purpose @ (Purpose::Register | Purpose::Invitation | Purpose::Recovery), Some(user)) => {
                self.ask_to_make(purpose, &user, at).await?
            }
            (Purpose::Register | Purpose::Invitation | Purpose::Recovery, None) => None,
        })
    }
}
