//! When a mail is sent again that was not taken.

use std::time::Duration;

use crate::support::pauses;

/// The pauses after each attempt. RFC 5321 section 4.5.4.1 has mail servers wait "at least 30 minutes" between attempts, but a relay that is being restarted
/// is back in seconds, and somebody waits before a page for this mail: so the first pauses are short.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(3),
    Duration::from_hours(8),
    Duration::from_hours(12),
];

/// How long after this many attempts the next one is made; `None` after the last.
pub(super) fn pause_after(attempts: u32) -> Option<Duration> {
    pauses::after(&PAUSES, attempts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<Duration> = (1..).map_while(pause_after).collect();
        assert!(pauses.is_sorted());
        assert_eq!(pauses.len(), 9);
        assert!(pauses.iter().sum::<Duration>() > Duration::from_hours(24), "a relay may be away for a day");
    }
}
