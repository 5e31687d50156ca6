//! Pauses that grow between attempts.

use std::time::Duration;

/// How long after this many attempts the next one is made; `None` after the last.
pub fn after(pauses: &[Duration], attempts: u32) -> Option<Duration> {
    pauses.get(usize::try_from(attempts.checked_sub(1)?).ok()?).copied()
}
