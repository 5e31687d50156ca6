//! Guesses at the codes of second factors, and at those that are mailed, which count apart from them.
//!
//! They count by account, over every login that is begun anew and every node, and no first factor that turns out right takes one back: so whoever knows
//! a password has as many tries as everybody has. A browser in which the account was proved by a code before has tries of its own, which nobody else
//! uses up. A code is one of a million, and three count at any time: the three tries of any 24 hours (`slots`) find one with a chance of 9 in a million.

use super::counters::Counter;
use super::policy::Window;
use super::slots::Asked;
use super::{Admission, Held, Origin, Throttle, Throttled};
use crate::model::count::Tried;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// Wrong codes that an account may have within the window of passwords: OWASP ASVS 6.6.3.
const PER_WINDOW: u32 = 5;
/// Wrong codes of an app that it may have within any 24 hours.
const PER_DAY: u32 = 3;
/// Wrong codes that were mailed to it. Each is one of its own, which ends after a few tries.
const MAILED_PER_DAY: u32 = 10;

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessedCode {
    /// A code of six digits.
    OfAnApp,
    /// A code of six digits that was mailed.
    Mailed,
    /// A recovery code, which has too many bits to be guessed: the tries of a day are not counted, so that it is a way in while somebody uses up those of
    /// the apps.
    Recovery,
}

impl GuessedCode {
    const fn name(self) -> &'static str {
        match self {
            Self::OfAnApp => "code",
            Self::Mailed => "mailed code",
            Self::Recovery => "recovery code",
        }
    }

    /// The wrong ones that an account may have within any 24 hours; `None` where nobody can guess any.
    const fn per_day(self) -> Option<u32> {
        match self {
            Self::OfAnApp => Some(PER_DAY),
            Self::Mailed => Some(MAILED_PER_DAY),
            Self::Recovery => None,
        }
    }

    /// What guesses count under within the window of passwords: the account, by the browser where that is known, and the login.
    fn counters(self, name: &str, login: &str, now: Timestamp) -> [Counter; 2] {
        let counter = |of: &str, value| Counter::new(&format!("{} {of}", self.name()), value, Window::PASSWORD, now);
        [counter("of account", name), counter("of login", login)]
    }

    /// What a browser is known to: one that only a password was right in is not known to the codes, nor one to those of apps that only a mailed one was right in.
    fn of(self, account: UserId) -> String {
        match self {
            Self::OfAnApp | Self::Recovery => format!("codes of {account}"),
            Self::Mailed => format!("mailed codes of {account}"),
        }
    }
}

impl Throttle {
    /// Counts a guess at a code of an account, in a login that waits for it, and rules on it.
    pub async fn admit_code(
        &self,
        (account, what): (UserId, GuessedCode),
        login: &str,
        origin: &Origin,
    ) -> Result<Admission, Held> {
        let now = self.clock.now();
        let free = self.config.guesses_before_work;
        let (name, known) = self.named(account, what, origin).await;
        let counters = what.counters(&name, login, now);
        let (mut refused, mut most) = (false, 0);
        for counter in &counters {
            let tried = self.counters.try_once(counter, PER_WINDOW.min(free), now).await;
            let limit = if tried.alone { PER_WINDOW.div_ceil(2) } else { PER_WINDOW };
            most = most.max(tried.tally.wrong());
            refused |= tried.tally.wrong() > limit;
        }
        if refused {
            return Err(self.throttled(Tried::Code, Window::PASSWORD, now).into());
        }
        let mut admission = Admission { counters: counters.to_vec(), slot: None, known };
        // What is held up, or refused so far, takes none of the day's tries.
        if !origin.worked && most > free {
            return Err(self.ask_first(&admission).await);
        }
        let Some(many) = what.per_day() else { return Ok(admission) };
        match self.counters.take_slot((what.name(), &name), many, now).await {
            Asked::Taken(slot, taken) => {
                admission.slot = Some(slot);
                if origin.worked || taken <= free { Ok(admission) } else { Err(self.ask_first(&admission).await) }
            }
            Asked::Full(retry_after) => {
                Err(Throttled { retry_after, ..self.throttled(Tried::Code, Window::DAY, now) }.into())
            }
            // A mailed code counts its own tries, elsewhere.
            Asked::Unknown if what == GuessedCode::Mailed => Ok(admission),
            Asked::Unknown => Err(self.throttled(Tried::Code, Window::MINUTE, now).into()),
        }
    }

    /// Whether the next guess at a code will have to be worked for, as far as is seen before it is made.
    pub async fn code_asks_work(&self, (account, what): (UserId, GuessedCode), login: &str, origin: &Origin) -> bool {
        let now = self.clock.now();
        let (name, _) = self.named(account, what, origin).await;
        let counters = what.counters(&name, login, now);
        let [of_account, of_login] = &counters;
        let (of_account, of_login, slots) = tokio::join!(
            self.counters.shown(of_account, now),
            self.counters.shown(of_login, now),
            self.counters.taken_slots((what.name(), &name), what.per_day().unwrap_or(0), now),
        );
        of_account.wrong().max(of_login.wrong()).max(slots) >= self.config.guesses_before_work
    }

    /// Under which name guesses at the codes of an account count that come from a browser, and whether they know it.
    async fn named(&self, account: UserId, what: GuessedCode, origin: &Origin) -> (String, bool) {
        match self.known_browser(&what.of(account), origin).await {
            Some(browser) => (format!("{} {account}", browser.hex()), true),
            None => (account.to_string(), false),
        }
    }

    /// The code was right: it does not count, and such codes of the account know this browser from now on.
    pub async fn code_was_right(&self, (account, what): (UserId, GuessedCode), admission: &Admission, origin: &Origin) {
        self.take_back(admission).await;
        self.remember_browser(&what.of(account), origin).await;
    }
}
