//! How long an old secret counts beside a new one: what there is to choose from.

use std::time::Duration;

use crate::i18n::{Key, Texts, keys};
use crate::protocol::Params;

/// In hours.
const GRACES: &[u64] = &[24, 168, 1, 0];
/// The field of the form.
const FIELD: &str = "grace";

/// The usual one.
pub(super) const USUAL: Duration = Duration::from_secs(GRACES[0] * 3600);

/// The one that a form says; `None` where it says none of them.
pub(super) fn chosen(params: &Params) -> Option<Duration> {
    let hours = params.get(FIELD)?.parse().ok().filter(|hours| GRACES.contains(hours))?;
    Some(Duration::from_secs(hours * 3600))
}

/// Each in hours, and what it is called; `none` is what it is called where there is none.
pub(super) fn choices(t: &Texts, none: Key) -> Vec<(u64, String)> {
    let named = |hours: u64| match hours {
        0 => t.get(none),
        hours if hours.is_multiple_of(24) => t.counted(keys::connection::GRACE_DAYS, "n", hours / 24),
        hours => t.counted(keys::connection::GRACE_HOURS, "n", hours),
    };
    GRACES.iter().map(|&hours| (hours, named(hours))).collect()
}
