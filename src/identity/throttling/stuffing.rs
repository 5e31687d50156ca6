//! Many accounts guessed at, however few guesses each sees: from one network, or from everywhere.
//!
//! Wrong passwords from browsers that the account does not know are counted for the networks that they come from and for all of the server, on every node alike. Beyond
//! what is usual, each further guess costs its browser some work: nobody is shut out, and a browser that signed in to the account before never notices. What is usual is the
//! middle of the day before, so that an attack does not make itself usual within hours.
//!
//! A constant number of counters is kept for the server, and two for each network that guesses.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;

use super::counters::Counter;
use super::policy::Window;
use super::{Admission, Origin, Throttle};
use crate::support::network::Network;
use crate::support::{Digest, Timestamp};

/// How many times what is usual is an attack.
const TIMES_USUAL: u32 = 3;
/// Windows of the day before that are looked at: every fourth.
const LOOKED_AT: u32 = 24;
const EVERY: u32 = 4;
/// How long a window is remembered: a day, and itself.
const REMEMBERED: Duration = Duration::from_mins(15 * (LOOKED_AT as u64 * EVERY as u64 + 1));

/// What is seen as guessing at many accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuffing {
    /// From one network.
    FromNetwork(String),
    /// From everywhere.
    FromEverywhere,
}

impl std::fmt::Display for Stuffing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FromNetwork(network) => write!(f, "many wrong passwords from {network}"),
            Self::FromEverywhere => f.write_str("many wrong passwords from many addresses"),
        }
    }
}

/// How many wrong passwords there are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Of unknown browsers, in the present window.
    pub now: u32,
    /// From how many on they are taken for an attack.
    pub limit: u32,
}

impl Failures {
    /// Whether the server is taken to be attacked.
    pub const fn is_attack(self) -> bool {
        self.now > self.limit
    }
}

/// What was usual, and in which window that was looked at.
#[derive(Debug, Default)]
pub(super) struct Usual(Mutex<Option<(i64, u32)>>);

/// The networks that an address is of, and how many times the failures of the narrowest each may have.
fn networks(address: IpAddr) -> Vec<(String, u32)> {
    Network::wider(address).iter().map(Network::to_string).zip([1, 4]).collect()
}

fn of_network(network: &str, now: Timestamp) -> Digest {
    Counter::new("failures of network", network, Window::PASSWORD, now).name()
}

fn of_everywhere(now: Timestamp) -> Digest {
    Counter::new("failures of everybody", "", Window::PASSWORD, now).name()
}

impl Throttle {
    /// Whether guesses from unknown browsers at this address are taken to be part of an attack.
    pub(super) async fn is_attacked_from(&self, address: IpAddr, now: Timestamp) -> bool {
        let limit = self.config.password_failures_per_network;
        let counted = join_all(networks(address).into_iter().map(async |(network, times)| {
            self.counters.seen(of_network(&network, now), now).await > limit.saturating_mul(times)
        }));
        let (by_network, everywhere) = tokio::join!(counted, self.failures());
        everywhere.is_attack() || by_network.contains(&true)
    }

    /// How many wrong passwords there are everywhere.
    pub async fn failures(&self) -> Failures {
        let now = self.clock.now();
        let counted = self.counters.seen(of_everywhere(now), now).await;
        self.held_against_usual(counted, now).await
    }

    async fn held_against_usual(&self, counted: u32, now: Timestamp) -> Failures {
        let floor = self.config.password_failures_everywhere;
        // What is usual only matters where there are many.
        let usual = if counted > floor { self.usual(now).await } else { 0 };
        Failures { now: counted, limit: floor.max(usual.saturating_mul(TIMES_USUAL)) }
    }

    /// A guess that was admitted was wrong. What is seen by that for the first time within a window is told, to one caller.
    pub async fn guessed_wrong(&self, admission: &Admission, origin: &Origin) -> Vec<Stuffing> {
        if admission.known {
            return Vec::new();
        }
        let now = self.clock.now();
        let limit = self.config.password_failures_per_network;
        let mut seen = Vec::new();
        for (network, times) in networks(origin.address) {
            let key = of_network(&network, now);
            if self.counters.note(key, Window::PASSWORD.length(), now).await == Some(limit.saturating_mul(times) + 1) {
                seen.push(Stuffing::FromNetwork(network));
            }
        }
        if let Some(counted) = self.counters.note(of_everywhere(now), REMEMBERED, now).await {
            let failures = self.held_against_usual(counted, now).await;
            if failures.now == failures.limit + 1 {
                seen.push(Stuffing::FromEverywhere);
            }
        }
        seen
    }

    /// The wrong passwords of the middle one of the windows of the day before. Asked once for each window.
    async fn usual(&self, now: Timestamp) -> u32 {
        let index = Window::PASSWORD.index(now);
        let known = *self.usual.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, usual)) = known.filter(|(of, _)| *of == index) {
            return usual;
        }
        let before = (1..=LOOKED_AT).map(|n| now.minus(Window::PASSWORD.length() * (n * EVERY)));
        let mut counted = join_all(before.map(|then| self.counters.seen(of_everywhere(then), now))).await;
        counted.sort_unstable();
        let usual = counted.get(counted.len() / 2).copied().unwrap_or(0);
        *self.usual.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((index, usual));
        usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_its_network_and_of_its_site() {
        let of = |text: &str| networks(text.parse().unwrap());
        assert_eq!(of("192.0.2.7"), [("192.0.2.0/24".to_owned(), 1)]);
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.9"));
        assert_eq!(of("2001:db8:1:2ff::7"), [("2001:db8:1:200::/56".to_owned(), 1), ("2001:db8:1::/48".to_owned(), 4)]);
    }
}
