//! Whether the server can serve, as far as is known: what `/readyz` answers for a second, and whether the process is about to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::support::Timestamp;

/// How long an answer holds: asking often makes no work here.
const HOLDS: Duration = Duration::from_secs(1);

/// What was found at the last check, and whether the server is about to stop.
#[derive(Debug, Default)]
pub struct Readiness {
    last: Mutex<Option<(Timestamp, bool)>>,
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

    pub(super) fn known(&self, now: Timestamp) -> Option<bool> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| now.since(*at) < HOLDS).map(|(_, ready)| ready)
    }

    pub(super) fn learn(&self, now: Timestamp, ready: bool) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, ready));
    }
}
