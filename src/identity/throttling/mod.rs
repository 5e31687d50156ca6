//! Slows guessing down without locking anyone out for good.
//!
//! Every guess is counted before the password is looked at, in one atomic step, so guesses made at once do not slip by. Guesses count
//! by account, by what was typed as its name, and by address; one that turns out right is taken back. A browser in which the
//! account has signed in before has an allowance of its own: what strangers do never uses it up. While the store of the counters
//! is away, the process counts alone, with half the allowance.
//!
//! Guesses at many accounts are seen whatever each account sees of them (`stuffing`). While they go on, and after repeated guesses, a browser that the account does
//! not know works for each further one (`work`).
//!
//! Owns what is counted under which name, the policy, and what work is. Leaves the counting itself to the store.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::config::throttling::ThrottlingConfig;
use crate::counts::Counts;
use crate::keys::MacKey;
use crate::model::count::{self, Tried};
use crate::model::user::PasswordCredential;
use crate::store::ThrottleStore;
use crate::support::id::UserId;
use crate::support::{Clock, Digest, Random, Timestamp};

mod begun;
mod by_address;
mod codes;
mod counters;
mod local;
mod policy;
mod slots;
mod stuffing;
#[cfg(test)]
mod tests;
mod work;

pub use codes::GuessedCode;
use counters::{Counted, Counter, Counters};
use policy::{Limits, NEWCOMERS_TRIES, Tallies, account_may_be_guessed, address_may_guess};
pub use policy::{Window, address_bucket};
use slots::Slot;
use stuffing::Usual;
pub use stuffing::{Failures, Stuffing};
pub use work::{Challenge, Purpose};

/// How long an account remembers a browser that it signed in from.
const BROWSER_KNOWN_FOR: Duration = Duration::from_hours(24 * 90);

/// It was tried too often: come back later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// When to come back.
    pub retry_after: Duration,
    /// It was one account, or what would be one, that was tried too often; and not an address that tried too many.
    pub aimed: bool,
}

/// Why a guess was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It was tried too often.
    TooOften(Throttled),
    /// The browser has to work for it first ([`Throttle::ask_work`]). The guess does not count.
    ForWork,
}

impl From<Throttled> for Held {
    fn from(throttled: Throttled) -> Self {
        Self::TooOften(throttled)
    }
}

/// How much of something is left to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How much there is in each window.
    pub limit: u32,
    /// How much is left of it; `None` where even this was too much.
    pub left: Option<u32>,
    /// How long a window is.
    pub window: Duration,
    /// When the next one begins.
    pub resets_in: Duration,
}

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address of the caller.
    pub address: IpAddr,
    /// The digest of the browser's long-lived cookie; `None` where it has none. It says which browser it is, not whose: a browser
    /// counts as known to the accounts only that have signed in from it.
    pub browser: Option<Digest>,
    /// Whether the browser worked for this attempt ([`Throttle::worked`]), or need not: somebody is signed in to it.
    pub worked: bool,
}

/// A password that may be guessed at. Guesses at one that was replaced say nothing of the next: an end-user who forgot it, and was given another, can use
/// that at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessedPassword {
    /// Whose it is.
    pub account: UserId,
    /// Since when; `None` where the account has none.
    pub since: Option<Timestamp>,
}

impl GuessedPassword {
    /// That of an account.
    pub fn of(account: UserId, credential: Option<&PasswordCredential>) -> Self {
        Self { account, since: credential.map(|credential| credential.changed_at) }
    }
}

/// A guess at a password that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Guess<'a> {
    /// The password that is guessed at, if there is an account.
    pub password: Option<GuessedPassword>,
    /// What was typed as the account's name.
    pub identifier: &'a str,
    /// The address and browser that the guess came from.
    pub origin: &'a Origin,
}

impl Guess<'_> {
    /// What is guessed at: an account, or what was typed as the name of one that there is not, which is treated as if it were one.
    pub fn name(&self) -> String {
        self.password.map_or_else(|| format!("no account {}", self.typed()), |of| of.account.to_string())
    }

    fn typed(&self) -> String {
        self.identifier.trim().to_lowercase()
    }
}

/// A guess that may be made, and where it was counted.
#[derive(Debug)]
pub struct Admission {
    counters: Vec<Counter>,
    /// The one of a day's few tries that it took.
    slot: Option<Slot>,
    /// The account has signed in from this browser before.
    pub known: bool,
}

/// Counts guesses, and refuses those beyond the limits.
pub struct Throttle {
    counters: Counters,
    usual: Usual,
    key: MacKey,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    config: ThrottlingConfig,
    counts: Arc<Counts>,
}

/// What the throttle rests on. What is refused is counted in `counts` besides.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub store: Arc<dyn ThrottleStore>,
    pub counts: Arc<Counts>,
    /// Knows the challenges again that were given out.
    pub key: MacKey,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Throttle {
    /// The throttle of these parts, with limits from `config`.
    pub fn new(parts: Parts, config: ThrottlingConfig) -> Self {
        let Parts { store, counts, key, clock, random } = parts;
        Self { counters: Counters::new(store), usual: Usual::default(), key, clock, random, config, counts }
    }

    /// Counts a guess at a password and rules on it. The same steps are taken whether the account exists or not.
    pub async fn admit_guess(&self, guess: &Guess<'_>) -> Result<Admission, Held> {
        let now = self.clock.now();
        let name = guess.name();
        let since = guess.password.and_then(|of| of.since).map_or(0, Timestamp::millis);
        let [account, identifier] = [&name, &guess.typed()].map(|named| format!("{named} {since}"));
        if let Some(browser) = self.known_browser(&name, guess.origin).await {
            let of_browser = format!("{} {account}", browser.hex());
            let counter = Counter::new("known browser", &of_browser, Window::PASSWORD, now);
            let (limit, free) = (self.config.password_failures_per_account, self.config.guesses_before_work);
            let tally = self.counters.try_once(&counter, limit.min(free), now).await.tally;
            let admission = Admission { counters: vec![counter], slot: None, known: true };
            return if tally.wrong() > limit {
                Err(self.throttled(Tried::Password, Window::PASSWORD, now).into())
            } else if tally.wrong() > free && !guess.origin.worked {
                // Its own wrong guesses, as those of who found the browser open.
                Err(self.ask_first(&admission).await)
            } else {
                Ok(admission)
            };
        }
        self.admit_stranger(guess, &account, &identifier, now).await
    }

    async fn admit_stranger(
        &self,
        guess: &Guess<'_>,
        account: &str,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Admission, Held> {
        let address = address_bucket(guess.origin.address).to_string();
        let counter = |what, value: &str| Counter::new(what, value, Window::PASSWORD, now);
        let counters = [
            counter("account and address", &format!("{account} {address}")),
            counter("address", &address),
            counter("account", account),
            counter("identifier", identifier),
        ];
        let limits = Limits {
            account: self.config.password_failures_per_account,
            address: self.config.password_failures_per_address,
        };
        let free = self.config.guesses_before_work;
        let (pair, by_address, attacked) = tokio::join!(
            self.counters.try_once(&counters[0], NEWCOMERS_TRIES.min(limits.account).min(free), now),
            self.counters.try_once(&counters[1], limits.address, now),
            self.is_attacked_from(guess.origin.address, now),
        );
        let alone = pair.alone || by_address.alone;
        let limits = if alone { halved(limits) } else { limits };
        let mut tallies = Tallies { pair: pair.tally, address: by_address.tally, ..Tallies::default() };
        // A guess that its address alone rules out does not count for the account: one address cannot use up what others have.
        if !address_may_guess(&tallies, limits) {
            let aimed = tallies.pair.wrong() > limits.account;
            return Err(Throttled { aimed, ..self.throttled(Tried::Password, Window::PASSWORD, now) }.into());
        }
        if !guess.origin.worked && (attacked || tallies.pair.wrong() > free) {
            let admission = Admission { counters: counters[..2].to_vec(), slot: None, known: false };
            return Err(self.ask_first(&admission).await);
        }
        let (by_account, by_identifier) = tokio::join!(
            self.counters.try_once(&counters[2], limits.account, now),
            self.counters.try_once(&counters[3], limits.account, now),
        );
        tallies.account = by_account.tally;
        tallies.identifier = by_identifier.tally;
        if account_may_be_guessed(&tallies, limits, alone) {
            Ok(Admission { counters: counters.to_vec(), slot: None, known: false })
        } else {
            Err(self.throttled(Tried::Password, Window::PASSWORD, now).into())
        }
    }

    /// Whether the account knows a browser: it has signed in from it before.
    pub async fn knows(&self, account: UserId, origin: &Origin) -> bool {
        self.known_browser(&account.to_string(), origin).await.is_some()
    }

    /// The account knows this browser from now on: its end-user signed in here, made it here, or read its mail here.
    pub async fn now_known(&self, account: UserId, origin: &Origin) {
        self.remember_browser(&account.to_string(), origin).await;
    }

    /// The browser, where what is named knows it.
    async fn known_browser(&self, name: &str, origin: &Origin) -> Option<Digest> {
        let browser = origin.browser?;
        (self.counters.seen(known_key(&browser, name), self.clock.now()).await > 0).then_some(browser)
    }

    async fn remember_browser(&self, name: &str, origin: &Origin) {
        if let Some(browser) = origin.browser {
            self.counters.remember(known_key(&browser, name), BROWSER_KNOWN_FOR, self.clock.now()).await;
        }
    }

    /// It does not count: it was right, or was never made.
    pub async fn take_back(&self, admission: &Admission) {
        let now = self.clock.now();
        futures_util::future::join_all(admission.counters.iter().map(|counter| self.counters.forgive(counter, now)))
            .await;
        if let Some(slot) = &admission.slot {
            self.counters.free(slot).await;
        }
    }

    /// The guess has to be worked for, and is not made.
    async fn ask_first(&self, admission: &Admission) -> Held {
        self.take_back(admission).await;
        self.counts.note(count::Counted::Throttled(Tried::Work));
        Held::ForWork
    }

    /// Counts a new account from an address.
    pub async fn admit_sign_up(&self, address: IpAddr) -> Result<(), Throttled> {
        let limit = self.config.sign_ups_per_address;
        self.admit_from(address, (Tried::SignUp, "sign-up"), limit, Window::SIGN_UP).await
    }

    /// Counts a mail that an address asks for to be sent to an account, or to what is none, at a target: `Err` where the address asks too often, whatever it asks for;
    /// `false` where the account, or the target by whichever accounts, is sent too many, by however many addresses.
    pub async fn admit_mail(&self, (account, target): (&str, &str), address: IpAddr) -> Result<bool, Throttled> {
        let limit = self.config.mails_per_address;
        self.admit_from(address, (Tried::Mail, "mail"), limit, Window::SIGN_UP).await?;
        let limit = self.config.mails_per_account;
        let (of_account, to_target) = tokio::join!(
            self.admit((Tried::Mail, "mail to"), account, limit, Window::SIGN_UP),
            self.admit((Tried::Mail, "mail to address"), target, limit, Window::SIGN_UP),
        );
        Ok(of_account.is_ok() && to_target.is_ok())
    }

    /// The most mails of an hour that an account, or an address, is sent because somebody asked for them.
    pub const fn most_mails_of_account(&self) -> u32 {
        self.config.mails_per_account
    }

    /// Whether an account, or what would be one, is held back for the first time today: true once, on whichever node.
    pub async fn first_today(&self, name: &str) -> bool {
        let now = self.clock.now();
        let counter = Counter::new("held back", name, Window::DAY, now);
        self.counters.try_once(&counter, u32::MAX, now).await.tally.tries == 1
    }

    /// Counts a call of the administration API.
    pub async fn count_call(&self, caller: &str) -> Allowance {
        let (now, window) = (self.clock.now(), Window::MINUTE);
        let counter = Counter::new("api call", caller, window, now);
        let Counted { tally, alone } = self.counters.try_once(&counter, u32::MAX, now).await;
        let limit = self.config.api_calls_per_caller;
        let limit = if alone { limit.div_ceil(2) } else { limit };
        let left = limit.checked_sub(tally.tries);
        Allowance { limit, left, window: window.length(), resets_in: window.remaining(now) }
    }

    async fn admit(
        &self,
        (tried, what): (Tried, &str),
        value: &str,
        limit: u32,
        window: Window,
    ) -> Result<(), Throttled> {
        let now = self.clock.now();
        let counter = Counter::new(what, value, window, now);
        let Counted { tally, alone } = self.counters.try_once(&counter, u32::MAX, now).await;
        let limit = if alone { limit.div_ceil(2) } else { limit };
        if tally.tries > limit { Err(self.throttled(tried, window, now)) } else { Ok(()) }
    }

    fn throttled(&self, tried: Tried, window: Window, now: Timestamp) -> Throttled {
        self.counts.note(count::Counted::Throttled(tried));
        Throttled { retry_after: window.remaining(now), aimed: matches!(tried, Tried::Password | Tried::Code) }
    }
}

impl std::fmt::Debug for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Throttle").field("config", &self.config).finish_non_exhaustive()
    }
}

fn halved(limits: Limits) -> Limits {
    Limits { account: limits.account.div_ceil(2), address: limits.address.div_ceil(2) }
}

fn known_key(browser: &Digest, account: &str) -> Digest {
    Digest::of("known browser", format!("{} {account}", browser.hex()).as_bytes())
}
