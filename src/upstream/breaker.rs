//! One circuit breaker for each connection: a provider that keeps failing is left alone for a while, and users are told at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::support::Timestamp;
use crate::support::id::ConnectionId;

/// How many calls in a row fail before it opens.
const FAILURES: u32 = 5;
/// How long it stays open before one call may try again.
const OPEN_FOR: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    failures: u32,
    /// From when on a call may try; set while it is open.
    retry_at: Option<Timestamp>,
}

/// The breakers of all connections.
#[derive(Debug, Default)]
pub(super) struct Breakers(Mutex<HashMap<ConnectionId, State>>);

impl Breakers {
    /// Whether a call may be made. While the breaker is open one call is let through from time to time, whose outcome decides.
    pub(super) fn admits(&self, connection: ConnectionId, now: Timestamp) -> bool {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(state) = states.get_mut(&connection) else { return true };
        match state.retry_at {
            None => true,
            Some(at) if now < at => false,
            Some(_) => {
                state.retry_at = Some(now.plus(OPEN_FOR));
                true
            }
        }
    }

    /// Notes that the provider answered, well or not.
    pub(super) fn answered(&self, connection: ConnectionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&connection);
    }

    /// Notes that the provider did not answer, or only that it is out of order.
    pub(super) fn failed(&self, connection: ConnectionId, now: Timestamp) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(connection).or_default();
        state.failures += 1;
        if state.failures >= FAILURES {
            state.retry_at = Some(now.plus(OPEN_FOR));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn it_opens_after_failures_in_a_row_lets_one_try_and_closes_again() {
        let at = Timestamp::from_seconds;
        let id = ConnectionId::new(at(1), &SeededRandom::new(1));
        let breakers = Breakers::default();
        for _ in 1..FAILURES {
            breakers.failed(id, at(1));
        }
        breakers.answered(id);
        for _ in 1..FAILURES {
            breakers.failed(id, at(1));
        }
        assert!(breakers.admits(id, at(1)), "an answer in between counts");
        breakers.failed(id, at(1));
        assert!(!breakers.admits(id, at(30)));
        assert!(breakers.admits(id, at(31)), "one may try");
        assert!(!breakers.admits(id, at(31)), "one");
        breakers.answered(id);
        assert!(breakers.admits(id, at(31)));
        let other = ConnectionId::new(at(2), &SeededRandom::new(2));
        assert!(breakers.admits(other, at(1)), "others are left alone");
    }
}
