//! What an address may ask for, and the sites around it.
//!
//! An IPv6 site has thousands of what counts as one address, so it has a limit besides. Where some of its addresses use that up, the others, which have hardly asked, go on.

use std::net::IpAddr;

use super::counters::{Counted, Counter};
use super::policy::{NEWCOMERS_FACTOR, Window};
use super::{Throttle, Throttled, address_bucket};
use crate::model::count::Tried;
use crate::support::network::Network;

/// How many times as much as a /64 the /56 and the /48 that an IPv6 address is of may ask for.
const TIMES_OF_SITES: [u32; 2] = [2, 8];
/// Whoever used no more of its own limit than this part has hardly asked.
const PART_OF_NEWCOMERS: u32 = 10;

/// Whether a site lets one more by: `own` is what its address asked so far, and `limit` what an address may.
fn site_lets_by((own, limit): (u32, u32), (of_site, times): (u32, u32)) -> bool {
    let limit_of_site = limit.saturating_mul(times);
    let newcomer = own <= (limit / PART_OF_NEWCOMERS).max(1);
    of_site <= limit_of_site || (newcomer && of_site <= limit_of_site.saturating_mul(NEWCOMERS_FACTOR))
}

impl Throttle {
    /// Counts what an address asks for, of which it may so much within a window.
    pub(super) async fn admit_from(
        &self,
        address: IpAddr,
        (tried, what): (Tried, &str),
        limit: u32,
        window: Window,
    ) -> Result<(), Throttled> {
        let refused = || self.throttled(tried, window, self.clock.now());
        let (own, most) = self.counted_from(&address_bucket(address).to_string(), what, limit, window).await;
        // What its own limit refuses does not count for its site: one address cannot use up what others have.
        if own > most {
            return Err(refused());
        }
        let of_site = format!("{what} of site");
        for (site, times) in Network::sites(address).iter().zip(TIMES_OF_SITES) {
            let (asked, most) = self.counted_from(&site.to_string(), &of_site, limit, window).await;
            if !site_lets_by((own, most), (asked, times)) {
                return Err(refused());
            }
        }
        Ok(())
    }

    /// Counts one more, and answers how many there were within the window, and how many an address may ask for.
    async fn counted_from(&self, value: &str, what: &str, limit: u32, window: Window) -> (u32, u32) {
        let now = self.clock.now();
        let counter = Counter::new(what, value, window, now);
        let Counted { tally, alone } = self.counters.try_once(&counter, u32::MAX, now).await;
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
