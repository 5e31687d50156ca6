//! What is asked for without guessing at anything: logins that an address begins, links of mails that it opens, whatever else costs a look, and invitations that tell who has an account.
//!
//! An IPv6 site has thousands of what counts as one address, so it has a limit besides. Where some of its addresses use that up, the others, which have hardly asked, go on.

use std::net::IpAddr;

use super::counters::{Counted, Counter};
use super::policy::{NEWCOMERS_FACTOR, Window};
use super::{Throttle, Throttled, address_bucket};
use crate::model::count::Tried;
use crate::support::id::UserId;
use crate::support::network::Network;

/// How many times as many logins as a /64 the /56 and the /48 that an IPv6 address is of may begin.
const TIMES_OF_SITES: [u32; 2] = [2, 8];
/// Whoever used no more of its own limit than this part has hardly asked.
const PART_OF_NEWCOMERS: u32 = 10;

/// What is counted of who invites people.
const REFUSED_INVITATION: &str = "refused invitation";

/// Whether a site lets one more by: `own` is what its address asked so far, and `limit` what an address may.
fn site_lets_by((own, limit): (u32, u32), (of_site, times): (u32, u32)) -> bool {
    let limit_of_site = limit.saturating_mul(times);
    let newcomer = own <= (limit / PART_OF_NEWCOMERS).max(1);
    of_site <= limit_of_site || (newcomer && of_site <= limit_of_site.saturating_mul(NEWCOMERS_FACTOR))
}

impl Throttle {
    /// Counts what an address asks for, whoever is signed in there: a login that it begins, a link that it opens.
    pub async fn admit_authorization(&self, address: IpAddr) -> Result<(), Throttled> {
        let (own, limit) = self.begun("authorization", &address_bucket(address).to_string()).await;
        // What its own limit refuses does not count for its site: one address cannot use up what others have.
        if own > limit {
            return Err(self.throttled(Tried::Authorization, Window::MINUTE, self.clock.now()));
        }
        let sites = if address.to_canonical().is_ipv6() { Network::wider(address) } else { Vec::new() };
        for (site, times) in sites.iter().zip(TIMES_OF_SITES) {
            let (of_site, limit) = self.begun("authorization of site", &site.to_string()).await;
            if !site_lets_by((own, limit), (of_site, times)) {
                return Err(self.throttled(Tried::Authorization, Window::MINUTE, self.clock.now()));
            }
        }
        Ok(())
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
        let what = (Tried::Authorization, "asking for work");
        self.admit(what, &address_bucket(address).to_string(), limit, Window::MINUTE).await
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

    /// Counts one more, and answers how many there were within the window, and how many an address may ask for.
    async fn begun(&self, what: &str, value: &str) -> (u32, u32) {
        let now = self.clock.now();
        let counter = Counter::new(what, value, Window::MINUTE, now);
        let Counted { tally, alone } = self.counters.try_once(&counter, u32::MAX, now).await;
        let limit = self.config.authorizations_per_address;
        (tally.tries, if alone { limit.div_ceil(2) } else { limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_is_over_lets_those_by_who_hardly_asked() {
        let lets_by = |own, of_site| site_lets_by((own, 300), (of_site, 2));
        assert!(lets_by(300, 600) && !lets_by(31, 601), "twice what an address may");
        assert!(lets_by(30, 601) && lets_by(30, 3000) && !lets_by(1, 3001), "and not without end");
        assert!(site_lets_by((1, 3), (7, 2)) && !site_lets_by((2, 3), (7, 2)), "a first one, however few there are");
    }
}
