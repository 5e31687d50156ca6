//! Instants as pages show them.

use crate::support::Timestamp;

/// The day, in UTC: 2026-11-23.
pub(super) fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// The minute, in UTC: 2026-11-23 09:41 UTC.
pub(super) fn minute(at: Timestamp) -> String {
    let text: String = at.to_string().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}
