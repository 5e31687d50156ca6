//! The first run, after the claim: the way from an account to a first login, a page a step. Each step can be passed over, and the overview lists what is missing.
//!
//! Owns the steps and the page of the setup's checks. The first app is registered and tried where all apps are.

use axum::extract::Request;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::Administrator;
use super::room::Room;
use super::shell::Shell;
use crate::admin::Permission;
use crate::doctor::{self, Finding, State};
use crate::http::arrival::arrival;
use crate::http::error::PageError;
use crate::i18n::{Key, Texts, keys};

pub mod production;
mod way;

pub(super) use super::super::way::{Place, Way};

#[derive(askama::Template)]
#[template(path = "admin/setup/checks.html")]
struct ChecksPage {
    frame: Frame,
    shell: Shell,
    way: Option<Way>,
    rows: Vec<Row>,
    /// What it comes to, in a sentence.
    sum: String,
    may_register: bool,
}

/// One thing that was looked at.
struct Row {
    about: String,
    state: String,
    class: &'static str,
    found: String,
    mend: Option<String>,
}

/// `GET /admin/setup`: what `haechi doctor` says of this server, and how this very request arrived.
pub async fn get(context: Context, administrator: Administrator, request: Request) -> Result<Response, PageError> {
    administrator.must(Permission::ReadSettings)?;
    let app = &context.app;
    let mut findings = doctor::of_running(app).await;
    findings.extend(doctor::of_arrival(&app.config, &app.issuer, &arrival(app, &request)));
    // What is worth a look comes first.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.state));
    let frame = Frame::of(&context, context.locale.0);
    let wrong = findings.iter().filter(|finding| finding.state != State::Ok).count();
    let title = frame.t.get(keys::setup::TITLE);
    let shown = ChecksPage {
        shell: Shell::of(&context, &administrator, Room::Overview).further(Room::Overview.path(), title),
        way: Way::at(&context, &administrator, Place::Server).await?,
        sum: match wrong {
            0 => frame.t.get(keys::setup::ALL_GOOD),
            n => frame.t.counted(keys::setup::TO_MEND, "n", u64::try_from(n).unwrap_or(u64::MAX)),
        },
        rows: findings.iter().map(|finding| Row::of(frame.t, finding)).collect(),
        may_register: administrator.may(Permission::WriteClients),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

impl Row {
    fn of(t: &Texts, finding: &Finding) -> Self {
        let (state, class) = match finding.state {
            State::Ok => (keys::setup::OK, ""),
            State::Warn => (keys::setup::WARN, " warn"),
            State::Fail => (keys::setup::FAIL, " bad"),
        };
        Self {
            about: name_of(finding.about).map_or_else(|| finding.about.to_owned(), |name| t.get(name)),
            state: t.get(state),
            class,
            found: finding.found.read(t),
            mend: finding.mend.as_ref().map(|mend| mend.read(t)),
        }
    }
}

/// What a thing that is looked at is called.
fn name_of(about: &str) -> Option<Key> {
    use keys::setup as text;
    Some(match about {
        "issuer" => text::ISSUER,
        "listen" => text::LISTEN,
        "descriptors" => text::DESCRIPTORS,
        "database" => text::DATABASE,
        "redis" => text::REDIS,
        "keys" => text::KEYS,
        "tls key" => text::TLS_KEY,
        "signing" => text::SIGNING,
        "claimed" => text::CLAIMED,
        "server" => text::REACHED,
        "proxy" => text::PROXY,
        "host" => text::HOST,
        "request" => text::REQUEST,
        "clock" => text::CLOCK,
        "mail" => text::MAIL,
        "expired" => text::EXPIRED,
        "guessing" => text::GUESSING,
        _ => return None,
    })
}
