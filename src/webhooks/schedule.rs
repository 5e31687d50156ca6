//! When a message is sent again that was not taken.

use std::time::Duration;

use crate::support::pauses;

/// The pauses after each attempt, about as Standard Webhooks 1.0.0 recommends: the ten attempts take three days.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// How long a webhook may take nothing until it is switched off.
pub(super) const PATIENCE: Duration = Duration::from_hours(24 * 5);

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
        assert!(pauses.iter().sum::<Duration>() < PATIENCE, "no webhook is switched off before a message to it failed");
    }
}
