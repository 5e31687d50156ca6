//! Whether the clocks agree well enough: this machine's with those of the database, of Redis and of the server.

use std::time::Duration;

use super::{Finding, State};
use crate::i18n::keys::doctor as text;
use crate::i18n::{Key, Said, said};
use crate::support::Timestamp;
use crate::support::shared_clock::TOLERANCE;

const ABOUT: &str = "clock";
/// From how far apart two clocks are worth a look: NTP keeps them closer. A server goes by the database's.
const APART: Duration = Duration::from_secs(2);

/// Another clock, read beside ours.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// What it is called: `the database`.
    pub(super) of: Key,
    pub(super) ours: Timestamp,
    pub(super) theirs: Timestamp,
    /// Whether a server goes by it: one that nothing goes by is worth no more than a warning.
    pub(super) counts: bool,
}

impl Reading {
    fn apart(&self) -> Duration {
        self.ours.since(self.theirs).max(self.theirs.since(self.ours))
    }

    fn state(&self) -> State {
        match self.apart() {
            apart if apart > TOLERANCE && self.counts => State::Fail,
            apart if apart >= APART => State::Warn,
            _ => State::Ok,
        }
    }
}

/// One finding about all clocks that were read; `None` where there was none. Where some are off, those are named.
pub(super) fn look(readings: &[Reading]) -> Option<Finding> {
    let state = readings.iter().map(Reading::state).max()?;
    let is_shown = |reading: &&Reading| state == State::Ok || reading.state() != State::Ok;
    let shown = readings.iter().filter(is_shown);
    let apart = |it: &Reading| {
        let seconds = format!("{:.1}", it.apart().as_secs_f64());
        said(text::CLOCK_APART).filling("seconds", seconds).filling_in("of", it.of)
    };
    let found = Said::list(shown.map(apart).collect());
    Some(match state {
        State::Ok => Finding::ok(ABOUT, found),
        State::Warn => Finding::warn(ABOUT, found, text::CLOCK_MEND),
        State::Fail => {
            let mend = said(text::CLOCK_FAR_MEND).filling("seconds", TOLERANCE.as_secs());
            Finding::fail(ABOUT, found, mend)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATABASE: Key = text::CLOCK_OF_DATABASE;
    const REDIS: Key = text::CLOCK_OF_REDIS;

    fn reading(of: Key, theirs: i64, counts: bool) -> Reading {
        let at = |seconds: i64| Timestamp::from_seconds(1_750_000_000 + seconds);
        Reading { of, ours: at(0), theirs: at(theirs), counts }
    }

    #[test]
    fn two_clocks_may_be_a_little_apart() {
        let state = |theirs| reading(DATABASE, theirs, true).state();
        assert_eq!([0, 1, -1].map(state), [State::Ok; 3]);
        assert_eq!([2, -2, 60, -60].map(state), [State::Warn; 4]);
        assert_eq!([61, -61].map(state), [State::Fail; 2]);
        assert_eq!(reading(REDIS, 61, false).state(), State::Warn);
    }

    #[test]
    fn however_many_clocks_were_read_there_is_one_finding() {
        assert!(look(&[]).is_none());
        let good = look(&[reading(DATABASE, 0, true), reading(text::CLOCK_OF_SERVER, 1, true)]).unwrap();
        assert_eq!(
            (good.state, good.found.to_string().as_str()),
            (State::Ok, "0.0 seconds from the database, 1.0 seconds from the server")
        );
        let off = look(&[reading(DATABASE, 90, true), reading(REDIS, 0, false)]).unwrap();
        assert_eq!((off.state, off.found.to_string().as_str()), (State::Fail, "90.0 seconds from the database"));
        assert!(off.mend.unwrap().to_string().contains("NTP"));
    }
}
