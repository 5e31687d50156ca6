//! A page that says one thing.

use axum::http::StatusCode;
use axum::response::Response;
use url::Url;

use super::frame::{Frame, with_status};
use super::providers::label;
use crate::app::App;
use crate::http::extract::Browser;
use crate::i18n::{Texts, keys};
use crate::model::Locale;
use crate::model::connection::Connection;

#[derive(askama::Template)]
#[template(path = "message.html")]
struct MessagePage {
    frame: Frame,
    id: String,
    title: String,
    text: String,
    action: Option<Action>,
}

/// The button under a message: where it leads.
pub(super) struct Action {
    pub(super) href: String,
    pub(super) label: String,
}

/// Title and text, and a way on.
pub(super) fn show(
    status: StatusCode,
    id: &str,
    (title, text): (String, String),
    action: Option<Action>,
    frame: Frame,
) -> Response {
    let page = MessagePage { frame, id: id.to_owned(), title, text, action };
    with_status(status, &page, &page.frame)
}

/// What the address of the page calls a sign-in that ended with the link it came through.
pub(super) const UNLINKED: &str = "unlinked";
/// What it calls one that ended with its account.
pub(super) const DELETED: &str = "deleted";

/// What a sign-in ended with, where it was not by signing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedWith {
    /// The link that it came through was removed.
    Link,
    /// The account was deleted.
    Account,
}

impl EndedWith {
    /// What the page's `done` says.
    pub fn of(done: Option<&str>) -> Option<Self> {
        match done {
            Some(UNLINKED) => Some(Self::Link),
            Some(DELETED) => Some(Self::Account),
            _ => None,
        }
    }
}

/// How a sign-in ended.
#[derive(Debug)]
pub enum SignedOut {
    /// By signing out; and where its end-user may want to sign out too, as it came through there.
    Asked(Option<Box<(Connection, Url)>>),
    /// With something else.
    With(EndedWith),
    /// Not for everybody: the browser has accounts that are still signed in.
    Still {
        /// Their addresses.
        emails: String,
        /// What a sign-in ended with, where it was with something else.
        with: Option<EndedWith>,
    },
}

/// The page that says that a sign-in ended, and who is still signed in.
pub fn signed_out(app: &App, browser: &Browser, locale: Locale, how: SignedOut) -> Response {
    let t = Texts::of(locale);
    let mut frame = Frame::of_problem(app, Some(browser), locale);
    "/signed-out".clone_into(&mut frame.here);
    let (done, there) = match how {
        SignedOut::Asked(there) => (t.get(keys::sign_out::DONE), there),
        SignedOut::With(EndedWith::Link) => (t.get(keys::sign_out::UNLINKED), None),
        SignedOut::With(EndedWith::Account) => return deleted(frame),
        SignedOut::Still { emails, with } => return still_signed_in(app, &emails, with, frame),
    };
    let again = Action { href: app.issuer.local("/login"), label: t.get(keys::sign_out::AGAIN) };
    let there = there.map(|there| {
        let (connection, url) = *there;
        let provider = label(&connection, t);
        let text = t.with(keys::sign_out::THERE, "provider", &provider);
        (text, Action { href: url.into(), label: t.with(keys::sign_out::THERE_ACTION, "provider", &provider) })
    });
    let text = match &there {
        None => done,
        Some((still, _)) => format!("{done} {still}"),
    };
    let again = there.map_or(again, |(_, action)| action);
    let text = (t.get(keys::sign_out::DONE_TITLE), text);
    show(StatusCode::OK, "signed-out", text, Some(again), frame)
}

/// The page as it is looked at: of somebody who signed out.
pub(super) fn sample(app: &App, frame: Frame) -> Response {
    let t = frame.t;
    let again = Action { href: app.issuer.local("/login"), label: t.get(keys::sign_out::AGAIN) };
    let text = (t.get(keys::sign_out::DONE_TITLE), t.get(keys::sign_out::DONE));
    show(StatusCode::OK, "signed-out", text, Some(again), frame)
}

/// The account is gone: there is nothing to lead on to.
fn deleted(frame: Frame) -> Response {
    let text = (frame.t.get(keys::sign_out::DELETED_TITLE), frame.t.get(keys::sign_out::DELETED));
    show(StatusCode::OK, "account-deleted", text, None, frame)
}

fn still_signed_in(app: &App, emails: &str, with: Option<EndedWith>, frame: Frame) -> Response {
    let t = frame.t;
    let text = match with {
        Some(EndedWith::Link) => t.with(keys::sign_out::STILL_UNLINKED, "email", emails),
        Some(EndedWith::Account) => t.with(keys::sign_out::STILL_DELETED, "email", emails),
        None => t.with(keys::sign_out::STILL, "email", emails),
    };
    let account = Action { href: app.issuer.local("/account"), label: t.get(keys::sign_out::TO_ACCOUNT) };
    let text = (t.get(keys::sign_out::STILL_TITLE), text);
    show(StatusCode::OK, "still-signed-in", text, Some(account), frame)
}
