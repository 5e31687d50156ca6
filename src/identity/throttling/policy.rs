//! The pure part: windows, what counts as one address, and whether one more guess may be made.

use std::net::IpAddr;
use std::time::Duration;

use crate::support::Timestamp;
use crate::support::network::Network;

/// A span of time that counters cover. Windows begin at multiples of their length on every node alike, so that counters of one
/// window fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(Duration);

impl Window {
    /// For guesses at passwords.
    pub const PASSWORD: Self = Self(Duration::from_mins(15));
    /// For codes of second factors, besides that of passwords: a day.
    pub const DAY: Self = Self(Duration::from_hours(24));
    /// The window of new accounts, and of mails that are asked for: an hour.
    pub const SIGN_UP: Self = Self(Duration::from_hours(1));
    /// For clients' secrets and for logins begun.
    pub const MINUTE: Self = Self(Duration::from_mins(1));

    /// How long it is.
    pub const fn length(self) -> Duration {
        self.0
    }

    /// Which window the instant lies in.
    pub fn index(self, now: Timestamp) -> i64 {
        now.seconds().div_euclid(self.seconds())
    }

    /// How long the window of this instant still runs, in whole seconds, at least one.
    pub fn remaining(self, now: Timestamp) -> Duration {
        let into = now.seconds().rem_euclid(self.seconds());
        Duration::from_secs(u64::try_from(self.seconds() - into).unwrap_or(1).max(1))
    }

    fn seconds(self) -> i64 {
        i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX)
    }
}

/// One address as it counts: an IPv4 address, or the /64 of an IPv6 address, as one subscriber has a whole /64 at least
/// (RFC 6177 section 2). An IPv4 address written as IPv6 is the IPv4 address.
pub fn address_bucket(address: IpAddr) -> IpAddr {
    Network::subscriber(address).begin()
}

/// How often something was tried in a window, and how many of those tries turned out right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Tries, the present one included.
    pub(super) tries: u32,
    /// Those that were right.
    pub(super) right: u32,
}

impl Tally {
    /// The tries that were wrong, or are not decided yet.
    pub(super) const fn wrong(self) -> u32 {
        self.tries.saturating_sub(self.right)
    }
}

/// What a guess from a browser that the account does not know has been counted under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tallies {
    /// The account together with the address.
    pub(super) pair: Tally,
    /// Failures from the address within the window.
    pub(super) address: Tally,
    /// The account, or what would be one.
    pub(super) account: Tally,
    /// What was typed as the account's name.
    pub(super) identifier: Tally,
}

/// How many guesses are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Failures that an account may have within the window.
    pub(super) account: u32,
    /// Failures that an address may have within the window.
    pub(super) address: u32,
}

/// How far beyond its limit an account may be guessed at by addresses that have hardly tried it: enough for its owner on a new
/// device to get in while an attacker is guessing, too little to guess by. A site that begins too many logins is treated alike.
pub(super) const NEWCOMERS_FACTOR: u32 = 5;
/// How often an address may try an account that is beyond its limit.
pub(super) const NEWCOMERS_TRIES: u32 = 2;

/// Whether an address may guess at all, and at this account.
pub(super) fn address_may_guess(tallies: &Tallies, limits: Limits) -> bool {
    tallies.address.wrong() <= limits.address && tallies.pair.wrong() <= limits.account
}

/// Whether an account may be guessed at once more by an address that may guess. `strict` admits no newcomers.
pub(super) fn account_may_be_guessed(tallies: &Tallies, limits: Limits, strict: bool) -> bool {
    let wrong = tallies.account.wrong().max(tallies.identifier.wrong());
    let newcomer =
        !strict && tallies.pair.wrong() <= NEWCOMERS_TRIES && wrong <= limits.account.saturating_mul(NEWCOMERS_FACTOR);
    wrong <= limits.account || newcomer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_subscriber_counts_as_one() {
        let bucket = |text: &str| address_bucket(text.parse().unwrap()).to_string();
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(bucket(address), counted, "{address}");
        }
    }

    fn wrong(tries: u32) -> Tally {
        Tally { tries, right: 0 }
    }

    const LIMITS: Limits = Limits { account: 10, address: 50 };

    #[test]
    fn what_an_address_may() {
        for (address, pair, may) in [(1, 1, true), (50, 10, true), (51, 1, false), (11, 11, false)] {
            let tallies = Tallies { address: wrong(address), pair: wrong(pair), ..Tallies::default() };
            assert_eq!(address_may_guess(&tallies, LIMITS), may, "{tallies:?}");
        }
    }

    #[test]
    fn what_an_account_bears() {
        for (account, identifier, pair, strict, may) in [
            (1, 1, 1, false, true),
            (10, 10, 10, false, true),
            (11, 1, 3, false, false),
            (1, 11, 3, false, false),
            (11, 11, 2, false, true),
            (50, 50, 1, false, true),
            (51, 1, 1, false, false),
            (1, 51, 1, false, false),
            (11, 11, 1, true, false),
            (10, 10, 1, true, true),
        ] {
            let tallies = Tallies {
                account: wrong(account),
                identifier: wrong(identifier),
                pair: wrong(pair),
                ..Tallies::default()
            };
            assert_eq!(account_may_be_guessed(&tallies, LIMITS, strict), may, "{tallies:?} {strict}");
        }
    }

    #[test]
    fn right_passwords_do_not_use_the_allowance_up() {
        let busy_office = Tally { tries: 400, right: 380 };
        assert!(address_may_guess(&Tallies { address: busy_office, ..Tallies::default() }, LIMITS));
    }

    #[test]
    fn windows_are_the_same_on_every_node() {
        let at = Timestamp::from_seconds;
        assert_eq!(Window::MINUTE.index(at(119)), 1);
        assert_eq!(Window::MINUTE.index(at(120)), 2);
        assert_eq!(Window::MINUTE.remaining(at(119)), Duration::from_secs(1));
        assert_eq!(Window::MINUTE.remaining(at(120)), Duration::from_mins(1));
    }
}
