//! Whether a setup is in order, and how to mend what is not: what `haechi doctor` prints, and what the console shows after the server was claimed.
//!
//! Owns what is looked at, what is made of it, and what is said of it, in each language. It changes nothing. Leaves to its callers where the settings come from, and the certificate that `http` loads.

use crate::app::App;
use crate::config::Config;
use crate::support::Clock;

mod address;
mod clock;
mod files;
mod finding;
mod guessing;
mod mail;
pub mod probe;
mod proxy;
mod reach;
mod secrets;
mod storage;

pub use clock::Reading;
pub use finding::{Finding, State};
pub use proxy::of_arrival;
pub use secrets::is_there as has_key_encryption_key;
pub use storage::DATABASE;

/// What the settings alone tell, and what answers where they say: the issuer's name, the database, Redis, keys. Clocks that were read on the way
/// are noted.
pub async fn ground(config: &Config, clock: &dyn Clock, clocks: &mut Vec<Reading>) -> Vec<Finding> {
    let mut findings = address::look(config).await;
    findings.extend(storage::database(config, clock.now(), clocks).await);
    findings.extend(storage::redis(config, clock.now(), clocks).await);
    findings.extend(secrets::look(config));
    findings
}

/// What a server of these settings holds: its signing keys, its first administrator, and whether somebody is guessing passwords.
pub async fn house(app: &App) -> Vec<Finding> {
    vec![secrets::signing_keys(app), storage::claimed(app).await, storage::swept(app).await, guessing::look(app).await]
}

/// What lies between browsers and the server, where the issuer's name leads somewhere; whether the clocks that were read agree; and mail.
pub async fn around(
    (config, app): (&Config, Option<&App>),
    clock: &dyn Clock,
    found: &[Finding],
    mut clocks: Vec<Reading>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if found.iter().all(|finding| finding.about != address::ISSUER || finding.state == State::Ok) {
        findings.extend(proxy::look(config, app, clock, &mut clocks).await);
    }
    findings.extend(clock::look(&clocks));
    findings.push(mail::look(config, app).await);
    findings
}

/// Everything that a running server finds of its own setup.
pub async fn of_running(app: &App) -> Vec<Finding> {
    let mut clocks = Vec::new();
    let mut findings = ground(&app.config, app.clock.as_ref(), &mut clocks).await;
    findings.extend(house(app).await);
    let around = around((&app.config, Some(app)), app.clock.as_ref(), &findings, clocks).await;
    findings.extend(around);
    findings
}
