//! Slows guessing of client secrets down, on this node and in bounded memory. What can be guessed at is a credential: a public client has none, and is not counted.
//!
//! Counts failures for a client from an address (IPv6: a /64, which is what one customer gets), and all failures from an address. The
//! first limit refuses before anything is compared. The second only changes what a wrong credential is answered: clients share addresses
//! behind proxies, and a right credential is always let in there. No caller can shut a client out from elsewhere.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ClientAuthRejected;
use crate::support::Timestamp;

const WINDOW: Duration = Duration::from_mins(1);
/// An address may fail this many times as often as one client from there.
const PER_ADDRESS: u32 = 10;
/// The most counters, in sets that a key names with its hash.
const SETS: usize = 1 << 13;
const WAYS: usize = 8;

#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    failures: u32,
}

/// The counters. Where a set is full, the one in it with the fewest failures goes, the oldest of several: addresses that fail once push each other out, and nobody who guesses
/// in earnest. Which set a key is in is not known outside.
#[derive(Default)]
struct Windows(Vec<[Option<(u64, Window)>; WAYS]>);

impl Windows {
    fn set_of(key: u64) -> usize {
        usize::try_from(key % SETS as u64).unwrap_or_default()
    }

    /// A window that is not over.
    fn get(&self, key: u64, now: Timestamp) -> Option<Window> {
        let found = self.0.get(Self::set_of(key))?.iter().flatten().find(|(of, _)| *of == key);
        found.map(|(_, window)| *window).filter(|window| is_open(*window, now))
    }

    /// Counts one more failure.
    fn count(&mut self, key: u64, now: Timestamp) -> Window {
        if self.0.is_empty() {
            self.0 = vec![[None; WAYS]; SETS];
        }
        let window = self.get(key, now).unwrap_or(Window { began: now, failures: 0 });
        let window = Window { failures: window.failures.saturating_add(1), ..window };
        let set = &mut self.0[Self::set_of(key)];
        let worth = |place: &Option<(u64, Window)>| match place {
            Some((of, _)) if *of == key => (0, 0),
            Some((_, window)) if is_open(*window, now) => (window.failures.saturating_add(1), window.began.millis()),
            _ => (1, 0),
        };
        if let Some(place) = set.iter_mut().min_by_key(|place| worth(place)) {
            *place = Some((key, window));
        }
        window
    }
}

pub(super) struct FailureLimiter {
    limit: u32,
    hasher: RandomState,
    windows: Mutex<Windows>,
    /// Whether there is any counter: the usual case takes no lock.
    any: AtomicBool,
}

impl FailureLimiter {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, hasher: RandomState::new(), windows: Mutex::default(), any: AtomicBool::new(false) }
    }

    /// Refuses a client that failed too often from there.
    pub(super) fn check(&self, client: &str, address: IpAddr, now: Timestamp) -> Result<(), ClientAuthRejected> {
        if !self.any.load(Ordering::Relaxed) {
            return Ok(());
        }
        let key = self.key(Some(client), address);
        match self.lock().get(key, now) {
            Some(window) if window.failures >= self.limit => Err(throttled(window, now)),
            _ => Ok(()),
        }
    }

    /// Counts a failure; answers how to refuse it where there were too many from the address.
    pub(super) fn record(&self, client: &str, address: IpAddr, now: Timestamp) -> Option<ClientAuthRejected> {
        let (of_address, of_client) = (self.key(None, address), self.key(Some(client), address));
        let mut windows = self.lock();
        self.any.store(true, Ordering::Relaxed);
        let all = windows.count(of_address, now);
        if all.failures > self.limit.saturating_mul(PER_ADDRESS) {
            // No further counter: names that one address makes up do not fill the table.
            return Some(throttled(all, now));
        }
        windows.count(of_client, now);
        None
    }

    fn key(&self, client: Option<&str>, address: IpAddr) -> u64 {
        let network = match address.to_canonical() {
            IpAddr::V4(v4) => u128::from(v4.to_bits()),
            IpAddr::V6(v6) => v6.to_bits() >> 64 << 64 | 1,
        };
        self.hasher.hash_one((client, network))
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_open(window: Window, now: Timestamp) -> bool {
    now.since(window.began) < WINDOW
}

fn throttled(window: Window, now: Timestamp) -> ClientAuthRejected {
    let left = window.began.plus(WINDOW).since(now);
    ClientAuthRejected::Throttled { retry_after: left.max(Duration::from_secs(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_client_waits_only_where_it_failed_and_only_for_a_while() {
        let limiter = FailureLimiter::new(3);
        let here = address("192.0.2.1");
        for _ in 0..3 {
            assert!(limiter.check("shop", here, at(0)).is_ok());
            assert!(limiter.record("shop", here, at(0)).is_none());
        }
        let refused = limiter.check("shop", here, at(10)).unwrap_err();
        assert!(matches!(refused, ClientAuthRejected::Throttled { retry_after } if retry_after.as_secs() == 50));
        assert!(limiter.check("shop", address("192.0.2.2"), at(10)).is_ok());
        assert!(limiter.check("other", here, at(10)).is_ok());
        assert!(limiter.check("shop", here, at(60)).is_ok());
    }

    #[test]
    fn a_slash_64_counts_as_one_address_and_a_mapped_address_as_itself() {
        let limiter = FailureLimiter::new(1);
        limiter.record("shop", address("2001:db8::1"), at(0));
        assert!(limiter.check("shop", address("2001:db8::ffff"), at(0)).is_err());
        assert!(limiter.check("shop", address("2001:db8:0:1::1"), at(0)).is_ok());
        limiter.record("shop", address("192.0.2.1"), at(0));
        assert!(limiter.check("shop", address("::ffff:192.0.2.1"), at(0)).is_err());
    }

    fn counters(limiter: &FailureLimiter) -> usize {
        limiter.lock().0.iter().flatten().flatten().count()
    }

    #[test]
    fn made_up_names_do_not_fill_the_table() {
        let limiter = FailureLimiter::new(3);
        let refused =
            (0..1000).filter(|n| limiter.record(&format!("c{n}"), address("192.0.2.1"), at(0)).is_some()).count();
        assert_eq!(refused, 970);
        assert_eq!(counters(&limiter), 31);
    }

    #[test]
    fn the_table_is_bounded_and_many_addresses_do_not_flush_it() {
        let limiter = FailureLimiter::new(3);
        let guesser = address("2001:db8::1");
        (0..3).for_each(|_| drop(limiter.record("shop", guesser, at(0))));
        for n in 0..100_000_u32 {
            limiter.record("shop", IpAddr::from(n.to_be_bytes()), at(1));
        }
        assert!(counters(&limiter) <= SETS * WAYS);
        assert!(limiter.check("shop", guesser, at(2)).is_err(), "who was held back is held back still");
        assert!(limiter.check("shop", address("198.51.100.1"), at(2)).is_ok(), "and nobody else is");
    }
}
