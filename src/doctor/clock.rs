//! Whether the clocks agree well enough: this machine's with those of the database, of Redis and of the server.

use std::time::Duration;

use super::{Finding, State};
use crate::support::Timestamp;
use crate::support::shared_clock::TOLERANCE;

const ABOUT: &str = "clock";
/// From how far apart two clocks are worth a look: NTP keeps them closer. A server goes by the database's.
const APART: Duration = Duration::from_secs(2);

/// Another clock, read beside ours.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// `the database`.
    pub(super) of: &'static str,
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
    let shown: Vec<String> =
        shown.map(|it| format!("{:.1} seconds from {}", it.apart().as_secs_f64(), it.of)).collect();
    let found = shown.join(", ");
    let mend = "let both machines keep their time by NTP (chrony, systemd-timesyncd)";
    Some(match state {
        State::Ok => Finding::ok(ABOUT, found),
        State::Warn => Finding::warn(ABOUT, found, mend),
        State::Fail => {
            Finding::fail(ABOUT, found, format!("{mend}; beyond {} seconds a server is not ready", TOLERANCE.as_secs()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(of: &'static str, theirs: i64, counts: bool) -> Reading {
        let at = |seconds: i64| Timestamp::from_seconds(1_750_000_000 + seconds);
        Reading { of, ours: at(0), theirs: at(theirs), counts }
    }

    #[test]
    fn two_clocks_may_be_a_little_apart() {
        let state = |theirs| reading("the database", theirs, true).state();
        assert_eq!([0, 1, -1].map(state), [State::Ok; 3]);
        assert_eq!([2, -2, 60, -60].map(state), [State::Warn; 4]);
        assert_eq!([61, -61].map(state), [State::Fail; 2]);
        assert_eq!(reading("Redis", 61, false).state(), State::Warn);
    }

    #[test]
    fn however_many_clocks_were_read_there_is_one_finding() {
        assert!(look(&[]).is_none());
        let good = look(&[reading("the database", 0, true), reading("the server", 1, true)]).unwrap();
        assert_eq!(
            (good.state, good.found.as_str()),
            (State::Ok, "0.0 seconds from the database, 1.0 seconds from the server")
        );
        let off = look(&[reading("the database", 90, true), reading("Redis", 0, false)]).unwrap();
        assert_eq!((off.state, off.found.as_str()), (State::Fail, "90.0 seconds from the database"));
        assert!(off.mend.unwrap().contains("NTP"));
    }
}
