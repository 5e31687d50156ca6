//! Whether the server can serve, as far as is known: what `/readyz` answers for a second, and whether the process is about to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::support::Timestamp;

/// How long an answer holds: asking often makes no work here.
const HOLDS: Duration = Duration::from_secs(1);

/// What was found at a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can serve.
    Ready,
    /// A store does not answer, or a key does not sign: the log says which.
    Unready,
    /// The machine's clock is too far from the database's.
    ClockOff,
}

/// What was found at the last check, and whether the server is about to stop.
#[derive(Debug, Default)]
pub struct Readiness {
    last: Mutex<Option<(Timestamp, Standing)>>,
    leaving: AtomicBool,
}

impl Readiness {
    /// Says from now on that the process is not ready: it is about to stop, and load balancers look elsewhere.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    pub(super) fn known(&self, now: Timestamp) -> Option<Standing> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not make an answer of before hold for longer.
        last.filter(|(at, _)| *at <= now && now.since(*at) < HOLDS).map(|(_, standing)| standing)
    }

    pub(super) fn learn(&self, now: Timestamp, standing: Standing) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, standing));
    }
}
