//! Guesses at the codes of second factors, and at those that are mailed, which count apart from them.
//!
//! They count by account, over every login that is begun anew and every node, and no first factor that turns out right takes one back: so whoever knows
//! a password has as many tries as everybody has. A browser in which the account was proved by a code before has tries of its own, which nobody else
//! uses up. A code is one of a million, and three count at any time: the three tries of a day find one with a chance of 9 in a million.

use super::counters::Counter;
use super::policy::Window;
use super::{Admission, Held, Origin, Throttle};
use crate::model::count::Tried;
use crate::support::id::UserId;

/// Wrong codes that an account may have within the window of passwords: OWASP ASVS 6.6.3.
const PER_WINDOW: u32 = 5;
/// Wrong codes of an app that it may have within a day.
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

    /// The wrong ones that an account may have within a day; `None` where nobody can guess any.
    const fn per_day(self) -> Option<u32> {
        match self {
            Self::OfAnApp => Some(PER_DAY),
            Self::Mailed => Some(MAILED_PER_DAY),
            Self::Recovery => None,
        }
    }

    /// How many are free before a browser works for each further one. A mailed code ends before that.
    const fn before_work(self, configured: u32) -> u32 {
        match self {
            Self::OfAnApp | Self::Recovery => configured,
            Self::Mailed => u32::MAX,
        }
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
        let known = self.known_browser(&what.of(account), origin).await;
        let name = known.map_or_else(|| account.to_string(), |browser| format!("{} {account}", browser.hex()));
        let counter =
            |span: &str, value: &str, window| Counter::new(&format!("{} {span}", what.name()), value, window, now);
        let mut counted = vec![
            (counter("of account", &name, Window::PASSWORD), PER_WINDOW, Window::PASSWORD),
            (counter("of login", login, Window::PASSWORD), PER_WINDOW, Window::PASSWORD),
        ];
        if let Some(limit) = what.per_day() {
            counted.push((counter("of day", &name, Window::DAY), limit, Window::DAY));
        }
        let free = what.before_work(self.config.guesses_before_work);
        let (mut refused, mut most) = (None, 0);
        for (counter, limit, window) in &counted {
            let tried = self.counters.try_once(counter, (*limit).min(free), now).await;
            let limit = if tried.alone { limit.div_ceil(2) } else { *limit };
            most = most.max(tried.tally.wrong());
            if tried.tally.wrong() > limit {
                refused = Some(*window);
            }
        }
        let counters = counted.into_iter().map(|(counter, ..)| counter).collect();
        let admission = Admission { counters, known: known.is_some() };
        match refused {
            Some(window) => Err(self.throttled(Tried::Code, window, now).into()),
            None if !origin.worked && most > free => Err(self.ask_first(&admission).await),
            None => Ok(admission),
        }
    }

    /// The code was right: it does not count, and such codes of the account know this browser from now on.
    pub async fn code_was_right(&self, (account, what): (UserId, GuessedCode), admission: &Admission, origin: &Origin) {
        self.take_back(admission).await;
        self.remember_browser(&what.of(account), origin).await;
    }
}
