//! `haechi doctor`: whether this setup is in order, and how to mend what is not. It changes nothing.

use std::sync::Arc;

use clap::Args;

use super::failure::{Failure, Outcome};
use super::output::{Output, Style};
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::config::load::Sources;
use crate::config::log::LogConfig;
use crate::doctor::{self, Finding, State};
use crate::keys::KeyError;
use crate::support::{Clock, SystemClock, SystemRandom};

mod certificate;

/// Check the issuer, proxies, the clock, database, Redis, keys, the certificate and mail, and say how to mend what is wrong.
///
/// Run it with the settings of the server, while the server runs. It changes nothing. Exit status 1 where something fails.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi doctor\n  haechi doctor --config /etc/haechi/haechi.toml --json")]
pub(super) struct Doctor;

impl Doctor {
    /// Looks at everything and prints what it found.
    pub(super) fn run(sources: &Sources, mut output: Output) -> Outcome {
        let config = sources.load_to_serve()?;
        crate::logging::start(&LogConfig { filter: "off".to_owned(), ..config.log.clone() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut findings = vec![settings(sources)];
        findings.extend(runtime.block_on(examine(Arc::new(config))));
        if output.is_json() {
            output.json(&findings)?;
        } else {
            findings.iter().try_for_each(|finding| print(&mut output, finding))?;
        }
        match findings.iter().filter(|finding| finding.state == State::Fail).count() {
            0 => Ok(()),
            1 => Err(Failure::of("one thing is wrong")),
            count => Err(Failure::of(format!("{count} things are wrong"))),
        }
    }
}

fn settings(sources: &Sources) -> Finding {
    let file = sources.file.as_ref().map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
    Finding::ok("settings", format!("in order ({file})"))
}

async fn examine(config: Arc<Config>) -> Vec<Finding> {
    let clock = SystemClock;
    let mut clocks = Vec::new();
    let mut findings = doctor::ground(&config, &clock, &mut clocks).await;
    findings.extend(certificate::look(&config, clock.now()));
    // Putting the house together would make a key or a schema where there is none: that is for the server to do.
    let stands = |finding: &Finding| finding.about != doctor::DATABASE || finding.state == State::Ok;
    let ready = findings.iter().all(stands) && doctor::has_key_encryption_key(&config);
    let app = if ready { assemble(&config, &mut findings).await } else { None };
    if let Some(app) = &app {
        findings.extend(doctor::house(app).await);
    }
    let around = doctor::around((&config, app.as_deref()), &clock, &findings, clocks).await;
    findings.extend(around);
    findings
}

async fn assemble(config: &Arc<Config>, findings: &mut Vec<Finding>) -> Option<Arc<App>> {
    match app::build(Arc::clone(config), Arc::new(SystemClock), Arc::new(SystemRandom::new())).await {
        Ok(app) => Some(app),
        Err(error) => {
            let mend = match &error {
                StartError::Keys(KeyError::WrongKeyEncryptionKey(_)) => {
                    "bring back the key-encryption key that this server began with, or correct keys.folder"
                }
                StartError::Keys(KeyError::Kek(_)) => "haechi does not start without its key-encryption key",
                _ => "haechi does not start like this either",
            };
            findings.push(Finding::fail("start", error.to_string(), mend));
            None
        }
    }
}

fn print(output: &mut Output, finding: &Finding) -> Outcome {
    let (style, mark) = match finding.state {
        State::Ok => (Style::Good, "ok  "),
        State::Warn => (Style::Warning, "warn"),
        State::Fail => (Style::Bad, "FAIL"),
    };
    let mark = output.styled(style, mark);
    let found = finding.found.to_string();
    let text = crate::support::escape::escaped(&found);
    output.raw(&format!("{mark}  {:<12} {text}\n", finding.about))?;
    match &finding.mend {
        Some(mend) => output.line(format!("{:20}{mend}", "")),
        None => Ok(()),
    }
}
