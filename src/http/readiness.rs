//! Whether the server can serve, as far as is known: what `/readyz` answers for a second, and whether the process is about to stop.
//!
//! Owns how often is looked, however often is asked: one look at a time, whose answer all callers share. Leaves looking to
//! [`super::endpoints::health`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::support::Timestamp;

/// How long an answer holds: asking often makes no work here.
const HOLDS: Duration = Duration::from_secs(1);
/// How long a write shows that the database takes writes.
const WRITE_HOLDS: Duration = Duration::from_secs(5);

/// What was found at a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can serve.
    Ready,
    /// What passes (sessions, logins under way) is kept by a store that does not answer. Tokens are issued, refreshed and verified as ever, and every other node
    /// has the same store: nothing would be won by turning away from this one.
    Degraded,
    /// A store does not answer, or a key does not sign: the log says which.
    Unready,
    /// The machine's clock is too far from the database's.
    ClockOff,
}

/// What was found at the last check, and whether the server is about to stop.
#[derive(Debug, Default)]
pub struct Readiness {
    known: Mutex<Known>,
    leaving: AtomicBool,
}

/// What was found.
#[derive(Debug, Default)]
struct Known {
    last: Option<(Timestamp, Standing)>,
    /// When a write was last committed; `None` where the last one was not.
    written: Option<Timestamp>,
}

/// What a look must find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Whether the stores answer; a write was committed a moment ago.
    Reads,
    /// Whether they take writes, too.
    Writes,
}

impl Readiness {
    /// Says from now on that the process is not ready: it is about to stop, and load balancers look elsewhere.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// How the server stands at this instant, by what is known or by what this look finds.
    pub(super) async fn standing(&self, now: Timestamp, look: impl AsyncFnOnce(Look) -> Standing) -> Standing {
        if self.leaving.load(Ordering::Relaxed) {
            return Standing::Unready;
        }
        // A clock that was set back must not make an answer of before hold for longer.
        let holds = |at: Timestamp, span: Duration| at <= now && now.since(at) < span;
        let mut known = self.known.lock().await;
        if let Some((_, standing)) = known.last.filter(|(at, _)| holds(*at, HOLDS)) {
            return standing;
        }
        let fresh = known.written.is_some_and(|at| holds(at, WRITE_HOLDS));
        let what = if fresh { Look::Reads } else { Look::Writes };
        let standing = look(what).await;
        known.last = Some((now, standing));
        if what == Look::Writes || standing == Standing::Unready {
            known.written = (standing != Standing::Unready).then_some(now);
        }
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a look at this second was for; `None` where there was none.
    async fn looks(readiness: &Readiness, second: i64, finds: Standing) -> (Standing, Option<Look>) {
        let mut looked = None;
        let standing = readiness
            .standing(Timestamp::from_seconds(second), async |what| {
                looked = Some(what);
                finds
            })
            .await;
        (standing, looked)
    }

    #[tokio::test]
    async fn a_write_is_made_now_and_then_and_at_every_look_while_it_fails() {
        use Standing::{Ready, Unready};
        let readiness = Readiness::default();
        assert_eq!(looks(&readiness, 0, Ready).await, (Ready, Some(Look::Writes)));
        assert_eq!(looks(&readiness, 0, Unready).await, (Ready, None));
        assert_eq!(looks(&readiness, 1, Ready).await, (Ready, Some(Look::Reads)));
        assert_eq!(looks(&readiness, 5, Unready).await, (Unready, Some(Look::Writes)));
        assert_eq!(looks(&readiness, 6, Unready).await, (Unready, Some(Look::Writes)));
        assert_eq!(looks(&readiness, 7, Ready).await, (Ready, Some(Look::Writes)));
        assert_eq!(looks(&readiness, 8, Ready).await, (Ready, Some(Look::Reads)));
        readiness.leave();
        assert_eq!(looks(&readiness, 8, Ready).await, (Unready, None));
    }
}
