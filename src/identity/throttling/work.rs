//! Work that a browser does before its next guess: cheap for one person, dear for who guesses by the thousand.
//!
//! A challenge is a tagged text, bound to what is guessed at and to the browser, that counts once and for ten minutes. It is met by a number with which its
//! SHA-256 begins with so many zero bits; or, where no script runs, by waiting: a challenge of that age is as good. The more challenges of a network were met, the dearer
//! each is, up to a bound, and so is the waiting. To ask for one makes none dearer, so nobody raises what others pay for nothing; and who asks for many ahead, while
//! they are cheap, finds them too cheap once some are spent.
//!
//! Owns what a challenge is, what one costs and that it counts once. Leaves when one is asked for to the counters, and the page to `http`.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::counters::Counter;
use super::policy::Window;
use super::{Guess, Origin, Throttle, address_bucket};
use crate::support::random;
use crate::support::{Digest, Timestamp};

/// For how long a challenge counts.
const VALID_FOR: Duration = Duration::from_mins(10);
/// By how many bits a challenge may be cheaper than one that is asked for as it is spent: others may have spent theirs while it was worked for.
const BITS_BEHIND: u32 = 1;
/// Zero bits of the first challenge of a network: some 65,000 digests, a fraction of a second.
const FEWEST_BITS: u32 = 16;
/// Of the dearest: a million digests, some seconds on a phone.
const MOST_BITS: u32 = 20;
/// How long who runs no script waits for the first challenge, and twice as long for each further bit.
const SHORTEST_WAIT: Duration = Duration::from_secs(8);
/// The longest that a person waits. A program waits for as many as it asks for at once: what slows it down beyond this are the limits.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A number has no more digits.
const MAX_DIGITS: usize = 20;
const TAG: usize = 16;
const SAID: usize = 1 + 1 + 8 + 16;

/// What is guessed at, and worked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A password.
    Password = 1,
    /// A code of a second factor.
    Code = 2,
    /// A code that was mailed.
    MailedCode = 3,
}

/// What a browser is to do before its next guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Comes back with the guess; behind a point the number that meets it, where one was looked for.
    pub text: String,
    /// How many zero bits the digest of `text.number` begins with.
    pub bits: u32,
    /// How long to wait instead; nothing where the work is done.
    pub wait: Duration,
}

/// How dear the `nth` challenge of a network is.
const fn bits_of(nth: u32) -> u32 {
    let bits = FEWEST_BITS + if nth < 2 { 0 } else { nth.ilog2() };
    if bits < MOST_BITS { bits } else { MOST_BITS }
}

/// What waiting costs in the place of work.
fn wait_of(bits: u32) -> Duration {
    LONGEST_WAIT.min(SHORTEST_WAIT * (1 << bits.clamp(FEWEST_BITS, MOST_BITS).saturating_sub(FEWEST_BITS)))
}

/// A challenge that was presented: what it says, and the number that came with it.
struct Presented<'a> {
    text: &'a str,
    number: Option<&'a str>,
    said: [u8; SAID],
    tag: [u8; TAG],
}

impl<'a> Presented<'a> {
    fn read(presented: &'a str) -> Option<Self> {
        let (text, number) = presented.split_once('.').map_or((presented, None), |(text, number)| (text, Some(number)));
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (said, tag) = bytes.split_at_checked(SAID)?;
        Some(Self { text, number, said: said.try_into().ok()?, tag: tag.try_into().ok()? })
    }

    const fn purpose(&self) -> u8 {
        self.said[0]
    }

    fn bits(&self) -> u32 {
        u32::from(self.said[1])
    }

    fn asked_at(&self) -> Timestamp {
        Timestamp::from_millis(i64::from_be_bytes(std::array::from_fn(|i| self.said[2 + i])))
    }

    /// Under what it is noted that it was spent.
    fn spent(&self) -> Digest {
        Digest::of("challenge spent", &self.said)
    }

    /// Whether the work was done, or as long waited for.
    fn is_met(&self, now: Timestamp) -> bool {
        match self.number {
            Some(number) => is_solution(self.text, number, self.bits()),
            None => now.since(self.asked_at()) >= wait_of(self.bits()),
        }
    }
}

/// Whether the digest of a challenge and a number begins with so many zero bits.
fn is_solution(text: &str, number: &str, bits: u32) -> bool {
    if number.is_empty() || number.len() > MAX_DIGITS || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let digest = Digest::sha256(format!("{text}.{number}").as_bytes());
    let first = u32::from_be_bytes(std::array::from_fn(|i| digest.as_bytes()[i]));
    first.leading_zeros() >= bits
}

/// Counts the challenges that a network met.
fn challenges_met(origin: &Origin, now: Timestamp) -> Counter {
    Counter::new("challenge", &address_bucket(origin.address).to_string(), Window::PASSWORD, now)
}

impl Throttle {
    /// A challenge for the next guess of a browser; `None` where the browser has no cookie to bind it to.
    pub async fn ask_work(&self, purpose: Purpose, origin: &Origin) -> Option<Challenge> {
        let browser = origin.browser?;
        let now = self.clock.now();
        let met = self.counters.shown(&challenges_met(origin, now), now).await.wrong();
        let bits = bits_of(met.saturating_add(1));
        let mut said = [0; SAID];
        said[0] = purpose as u8;
        said[1] = u8::try_from(bits).unwrap_or(u8::MAX);
        said[2..10].copy_from_slice(&now.millis().to_be_bytes());
        said[10..].copy_from_slice(&random::bytes::<16>(&*self.random));
        let tag = self.key.tag(&[&said, browser.as_bytes()]);
        let text = URL_SAFE_NO_PAD.encode([&said[..], &tag[..TAG]].concat());
        Some(Challenge { text, bits, wait: wait_of(bits) })
    }

    /// Whether the next guess at a password will have to be worked for, as far as is seen before it is made: its browser can begin while somebody types.
    pub async fn guess_asks_work(&self, guess: &Guess<'_>) -> bool {
        let now = self.clock.now();
        let name = guess.name();
        let since = guess.password.and_then(|of| of.since).map_or(0, Timestamp::millis);
        let account = format!("{name} {since}");
        let counter = |what, value: &str| Counter::new(what, value, Window::PASSWORD, now);
        let (counter, attacked) = if let Some(browser) = self.known_browser(&name, guess.origin).await {
            (counter("known browser", &format!("{} {account}", browser.hex())), false)
        } else {
            let pair = format!("{account} {}", address_bucket(guess.origin.address));
            (counter("account and address", &pair), self.is_attacked_from(guess.origin.address, now).await)
        };
        attacked || self.counters.shown(&counter, now).await.wrong() >= self.config.guesses_before_work
    }

    /// Whether what came with a guess shows that its browser worked, or waited, for it. That counts once.
    pub async fn worked(&self, presented: Option<&str>, purpose: Purpose, origin: &Origin) -> bool {
        let (Some(presented), Some(browser)) = (presented.and_then(Presented::read), origin.browser) else {
            return false;
        };
        let now = self.clock.now();
        let is_ours = self.key.verify(&[&presented.said, browser.as_bytes()], &presented.tag);
        let is_for_this = presented.purpose() == purpose as u8 && now.since(presented.asked_at()) <= VALID_FOR;
        if !(is_ours && is_for_this && presented.is_met(now)) {
            return false;
        }
        if !self.counters.first(presented.spent(), VALID_FOR, now).await {
            return false;
        }
        let counter = challenges_met(origin, now);
        let met = self.counters.try_once(&counter, 0, now).await.tally.wrong();
        let is_dear_enough = presented.bits().saturating_add(BITS_BEHIND) >= bits_of(met);
        if !is_dear_enough {
            self.counters.forgive(&counter, now).await;
        }
        is_dear_enough
    }

    /// Work that was spent on a guess which nobody looked at counts once more: the challenge as it was presented, for which nobody waits again. `origin` says that this guess
    /// spent it, and not another.
    pub async fn give_work_back(&self, presented: &str, origin: &Origin) -> Option<Challenge> {
        let spent = Presented::read(presented).filter(|_| origin.worked)?;
        let now = self.clock.now();
        self.counters.forget(spent.spent()).await;
        self.counters.forgive(&challenges_met(origin, now), now).await;
        Some(Challenge { text: presented.to_owned(), bits: spent.bits(), wait: Duration::ZERO })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_further_challenge_is_dearer_up_to_a_bound() {
        let bits: Vec<u32> = [0, 1, 2, 3, 4, 31, 32, 1000, u32::MAX].map(bits_of).to_vec();
        assert_eq!(bits, [16, 16, 17, 17, 18, 20, 20, 20, 20]);
        let waits: Vec<u64> = [0, 16, 17, 18, 19, 20, u32::MAX].map(|bits| wait_of(bits).as_secs()).to_vec();
        assert_eq!(waits, [8, 8, 16, 32, 60, 60, 60]);
        assert!(wait_of(u32::MAX) < VALID_FOR, "whoever waits comes in time");
    }

    #[test]
    fn a_number_solves_one_text() {
        let number = (0..1_000_000_u32).map(|n| n.to_string()).find(|n| is_solution("one", n, 8)).unwrap();
        assert!(is_solution("one", &number, 8) && !is_solution("one", &number, 40));
        assert!(!is_solution("one", "", 0) && !is_solution("one", "1x", 0) && !is_solution("one", &"1".repeat(21), 0));
    }
}
