//! What is asked for without guessing at anything: logins that an address begins, links of mails that it opens, whatever else costs a look, and invitations that tell who has an account.

use std::net::IpAddr;

use super::counters::Counter;
use super::{Throttle, Throttled, Window};
use crate::model::count::Tried;
use crate::support::id::UserId;

/// What is counted of who invites people.
const REFUSED_INVITATION: &str = "refused invitation";

impl Throttle {
    /// Counts what an address asks for, whoever is signed in there: a login that it begins, a link that it opens.
    pub async fn admit_authorization(&self, address: IpAddr) -> Result<(), Throttled> {
        let limit = self.config.authorizations_per_address;
        self.admit_from(address, (Tried::Authorization, "authorization"), limit, Window::MINUTE).await
    }

    /// Counts a login that an account begins which is signed in to the browser.
    pub async fn admit_authorization_of(&self, account: UserId) -> Result<(), Throttled> {
        let limit = self.config.authorizations_per_address;
        let what = (Tried::Authorization, "authorization of account");
        self.admit(what, &account.to_string(), limit, Window::MINUTE).await
    }

    /// Counts a question whether the next guess costs work, apart from the login that it is of: who may begin so many may ask as many times.
    pub async fn admit_asking(&self, address: IpAddr) -> Result<(), Throttled> {
        let limit = self.config.authorizations_per_address;
        self.admit_from(address, (Tried::Authorization, "asking for work"), limit, Window::MINUTE).await
    }

    /// Whether an account may invite somebody: not once it was told too often within the hour that an address has an account. It may ask so as often as an address may by signing up.
    pub async fn may_invite(&self, account: UserId) -> Result<(), Throttled> {
        let now = self.clock.now();
        let counter = Counter::new(REFUSED_INVITATION, &account.to_string(), Window::SIGN_UP, now);
        let told = self.counters.shown(&counter, now).await.tries;
        let may = told < self.config.sign_ups_per_address;
        if may { Ok(()) } else { Err(self.throttled(Tried::SignUp, Window::SIGN_UP, now)) }
    }

    /// Counts that it is told so. `Err` where that is once too often.
    pub async fn invitation_refused(&self, account: UserId) -> Result<(), Throttled> {
        let limit = self.config.sign_ups_per_address;
        let what = (Tried::SignUp, REFUSED_INVITATION);
        self.admit(what, &account.to_string(), limit, Window::SIGN_UP).await
    }
}
