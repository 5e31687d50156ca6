//! The time that all nodes share: the database's.
//!
//! Machines do not agree about the time, and what one node makes another must not think expired, or still good. So no node goes by its
//! machine's clock alone: it looks at the database's now and then, notes how far the two are apart, and adds that from then on. Owns how a
//! look becomes a correction, and how far apart is too far. Leaves looking, and saying so, to the composition root.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::clock::{Clock, Timestamp};

/// How far a machine's clock may be from the database's. What is over for one node is kept for others for so long; a machine that is
/// further off is not ready, for there what Haechi does not decide by the shared clock goes wrong too: certificates, logs, other programs.
pub const TOLERANCE: Duration = Duration::from_mins(1);

/// A look at the database's clock.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// When it was asked, by the machine's clock.
    pub asked: Timestamp,
    /// What it showed.
    pub shown: Timestamp,
    /// When the answer was there, by the machine's clock.
    pub answered: Timestamp,
}

impl Look {
    /// What has to be added to the machine's clock, in milliseconds, where `before` was added until now. The database read its clock between
    /// question and answer, so what fits that stays as it is: an answer that took long moves nothing. `None` where the machine's clock was
    /// set back meanwhile, and the look says nothing.
    fn correction(self, before: i64) -> Option<i64> {
        // A database shows whole milliseconds, and may round them either way.
        let least = self.shown.millis().saturating_sub(self.answered.millis()).saturating_sub(1);
        let most = self.shown.millis().saturating_sub(self.asked.millis()).saturating_add(1);
        (least <= most).then(|| before.clamp(least, most))
    }
}

/// How far a machine's clock is from the database's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// How far.
    pub by: Duration,
    /// Whether the machine's is the later one.
    pub ahead: bool,
}

impl Deviation {
    /// Whether it is more than a machine may be off by.
    pub fn is_too_far(self) -> bool {
        self.by > TOLERANCE
    }
}

impl std::fmt::Display for Deviation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.ahead { "ahead of" } else { "behind" };
        write!(f, "{:.1} seconds {direction} the database's", self.by.as_secs_f64())
    }
}

/// A machine's clock, corrected by how far it is from the database's.
pub struct SharedClock {
    machine: Arc<dyn Clock>,
    correction: AtomicI64,
}

impl SharedClock {
    /// The machine's clock as it is, until the first look.
    pub fn new(machine: Arc<dyn Clock>) -> Self {
        Self { machine, correction: AtomicI64::new(0) }
    }

    /// The machine's own clock.
    pub fn machine(&self) -> &dyn Clock {
        &*self.machine
    }

    /// Goes by a look from now on.
    pub fn follow(&self, look: Look) {
        let _ = self.correction.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |before| look.correction(before));
    }

    /// How far the machine's clock was from the database's at the last look.
    pub fn deviation(&self) -> Deviation {
        let correction = self.correction.load(Ordering::SeqCst);
        Deviation { by: Duration::from_millis(correction.unsigned_abs()), ahead: correction < 0 }
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let machine = self.machine.now().millis();
        Timestamp::from_millis(machine.saturating_add(self.correction.load(Ordering::SeqCst)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::ManualClock;

    fn look(asked: i64, shown: i64, answered: i64) -> Look {
        let [asked, shown, answered] = [asked, shown, answered].map(Timestamp::from_millis);
        Look { asked, shown, answered }
    }

    #[test]
    fn a_clock_that_is_off_is_corrected_and_one_that_fits_is_left_alone() {
        for (asked, shown, answered, before, after) in [
            (1000, 1000, 1000, 0, 0),
            (1000, 61_000, 1000, 0, 59_999),
            (1000, -59_000, 1000, 0, -59_999),
            // It was asked at 1000 and answered at 3000: whatever it showed between these may be right.
            (1000, 1500, 3000, 0, 0),
            (1000, 2500, 3000, 400, 400),
            (1000, 9000, 3000, 0, 5999),
            (1000, 9000, 3000, 99_999, 8001),
            // A jitter below a millisecond is none.
            (1000, 61_000, 1000, 60_001, 60_001),
        ] {
            assert_eq!(
                look(asked, shown, answered).correction(before),
                Some(after),
                "{asked} {shown} {answered} {before}"
            );
        }
    }

    #[test]
    fn a_clock_that_was_set_back_during_a_look_makes_it_worthless() {
        assert_eq!(look(9000, 9000, 1000).correction(7), None);
        assert_eq!(look(i64::MAX, i64::MIN, i64::MIN).correction(7), None);
    }

    #[test]
    fn the_shared_time_is_the_databases_and_goes_on_with_the_machines_clock() {
        let machine = Arc::new(ManualClock::new(Timestamp::from_seconds(1000)));
        let shared = SharedClock::new(machine.clone());
        assert_eq!(shared.now(), machine.now());
        shared.follow(look(1_000_000, 1_090_000, 1_000_000));
        machine.advance(Duration::from_secs(5));
        assert_eq!(shared.now(), Timestamp::from_millis(1_094_999));
        assert!(shared.deviation().is_too_far() && !shared.deviation().ahead);
        assert_eq!(shared.deviation().to_string(), "90.0 seconds behind the database's");
        // The machine's clock is set right: so is the shared one after the next look.
        machine.set(Timestamp::from_millis(1_095_000));
        shared.follow(look(1_095_000, 1_095_000, 1_095_000));
        assert_eq!(shared.now(), Timestamp::from_millis(1_095_001));
        assert!(!shared.deviation().is_too_far());
    }

    #[test]
    fn a_minute_is_tolerated_and_no_more() {
        let off = |millis| Deviation { by: Duration::from_millis(millis), ahead: true };
        assert!(!off(60_000).is_too_far());
        assert!(off(60_001).is_too_far());
    }
}
