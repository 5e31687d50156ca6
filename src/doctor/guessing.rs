//! Whether somebody is guessing the passwords of many accounts.

use super::Finding;
use crate::app::App;
use crate::identity::throttling::Failures;

const ABOUT: &str = "guessing";

pub(super) async fn look(app: &App) -> Finding {
    let failures = app.throttle.failures().await;
    let Failures { now, limit } = failures;
    let found = format!("{now} wrong passwords from unknown browsers in this quarter of an hour");
    if failures.is_attack() {
        let mend = "unknown browsers work for each guess until it ends; `haechi audit --kind guessing_seen` says since when, and \
                    docs/second-factors.md what helps against it";
        Finding::warn(ABOUT, format!("{found}, more than {limit}: somebody is guessing"), mend)
    } else {
        Finding::ok(ABOUT, found)
    }
}
