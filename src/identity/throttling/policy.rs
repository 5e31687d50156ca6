//! The pure part: windows, what counts as one address, and whether one more guess may be made.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use crate::support::Timestamp;

/// A span of time that counters cover. Windows begin at multiples of their length on every node alike, so that counters of one
/// window fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(Duration);

impl Window {
    /// For guesses at passwords.
    pub const PASSWORD: Self = Self(Duration::from_mins(15));
    /// For new accounts.
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
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// How often something was tried in a window, and how many of those tries turned out right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tries, the present one included.
    pub tries: u32,
    /// Those that were right.
    pub right: u32,
}

impl Tally {
    /// The tries that were wrong, or are not decided yet.
    pub const fn wrong(self) -> u32 {
        self.tries.saturating_sub(self.right)
    }
}

/// What a guess from a browser that the account does not know has been counted under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StrangersGuess {
    /// The account, or what would be one.
    pub account: Tally,
    /// What was typed as the account's name.
    pub identifier: Tally,
    /// The address.
    pub address: Tally,
}

/// How many guesses are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Per account.
    pub account: u32,
    /// Per address.
    pub address: u32,
}

/// How far beyond its limit an account may be guessed at by addresses that have hardly tried it: enough for its owner on a new
/// device to get in while somebody else is guessing, too little to guess by.
const NEWCOMERS_FACTOR: u32 = 5;
/// How often an address that is new to an account may try it then.
pub(super) const NEWCOMERS_TRIES: u32 = 2;

/// Whether a guess may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It may.
    Admit,
    /// It may if its address has hardly tried this account.
    AdmitNewcomer,
    /// It must wait.
    Refuse,
}

/// Rules on a guess from a browser that the account does not know.
pub fn rule(guess: &StrangersGuess, limits: Limits) -> Ruling {
    let account = guess.account.wrong().max(guess.identifier.wrong());
    if guess.address.wrong() > limits.address || account > limits.account.saturating_mul(NEWCOMERS_FACTOR) {
        Ruling::Refuse
    } else if account > limits.account {
        Ruling::AdmitNewcomer
    } else {
        Ruling::Admit
    }
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

    #[test]
    fn rulings() {
        let limits = Limits { account: 10, address: 50 };
        let wrong = |tries| Tally { tries, right: 0 };
        for (account, identifier, address, ruling) in [
            (1, 1, 1, Ruling::Admit),
            (10, 10, 50, Ruling::Admit),
            (11, 1, 11, Ruling::AdmitNewcomer),
            (1, 11, 11, Ruling::AdmitNewcomer),
            (50, 50, 1, Ruling::AdmitNewcomer),
            (51, 1, 1, Ruling::Refuse),
            (1, 51, 1, Ruling::Refuse),
            (1, 1, 51, Ruling::Refuse),
        ] {
            let guess =
                StrangersGuess { account: wrong(account), identifier: wrong(identifier), address: wrong(address) };
            assert_eq!(rule(&guess, limits), ruling, "{guess:?}");
        }
    }

    #[test]
    fn right_passwords_do_not_use_the_allowance_up() {
        let busy_office = Tally { tries: 400, right: 380 };
        let guess = StrangersGuess { address: busy_office, ..StrangersGuess::default() };
        assert_eq!(rule(&guess, Limits { account: 10, address: 50 }), Ruling::Admit);
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
