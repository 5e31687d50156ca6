//! Whether somebody is guessing the passwords of many accounts.

use super::Finding;
use crate::app::App;
use crate::i18n::keys::doctor as text;
use crate::i18n::said;
use crate::identity::throttling::Failures;

const ABOUT: &str = "guessing";

pub(super) async fn look(app: &App) -> Finding {
    let failures = app.throttle.failures().await;
    let Failures { now, limit } = failures;
    if failures.is_attack() {
        let found = said(text::GUESSING_MANY).filling("now", now).filling("limit", limit);
        Finding::warn(ABOUT, found, text::GUESSING_MANY_MEND)
    } else {
        Finding::ok(ABOUT, said(text::GUESSING).filling("now", now))
    }
}
