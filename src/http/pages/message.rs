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

/// The page that says that no account is signed in any more.
pub fn signed_out(app: &App, browser: &Browser, locale: Locale, there: Option<(Connection, Url)>) -> Response {
    let t = Texts::of(locale);
    let again = Action { href: app.issuer.local("/login"), label: t.get(keys::sign_out::AGAIN) };
    let there = there.map(|(connection, url)| {
        let provider = label(&connection, t);
        let text = t.with(keys::sign_out::THERE, "provider", &provider);
        (text, Action { href: url.into(), label: t.with(keys::sign_out::THERE_ACTION, "provider", &provider) })
    });
    let text = match &there {
        None => t.get(keys::sign_out::DONE),
        Some((still, _)) => format!("{} {still}", t.get(keys::sign_out::DONE)),
    };
    let again = there.map_or(again, |(_, action)| action);
    let text = (t.get(keys::sign_out::DONE_TITLE), text);
    let mut frame = Frame::of_problem(app, Some(browser), locale);
    "/signed-out".clone_into(&mut frame.here);
    show(StatusCode::OK, "signed-out", text, Some(again), frame)
}
