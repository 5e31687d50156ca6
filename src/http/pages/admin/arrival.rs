//! Where a request to the console began. What began elsewhere is led on from a page of ours, and a form from there does nothing: see [`console_cookie`].

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::CONSOLE;
use crate::http::console_cookie::{self, Leading, MARK};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::problem::{Problem, ProblemKind};
use crate::i18n::keys;
use crate::sessions::SessionSecret;

#[derive(askama::Template)]
#[template(path = "admin/arrival.html")]
struct ArrivalPage {
    frame: Frame,
    /// The page that was asked for.
    to: String,
    /// The browser goes there without being told to.
    by_itself: bool,
}

/// What is answered to a request that did not begin here; `None` where it did.
pub(super) fn from_elsewhere(context: &Context) -> Option<Response> {
    match &context.visitor.session {
        None => Some(context.go("/login")),
        Some(session) if context.console.is_of(&context.app, session) => None,
        Some(session) if context.is_get => Some(leading_on(context, session)),
        Some(_) => Some(refused()),
    }
}

/// A form that began elsewhere, or was drawn for a session of before: it does nothing, and its end-user goes on where the console begins.
fn refused() -> Response {
    let mut problem = Problem::new(ProblemKind::StaleForm);
    problem.go_on = Some(CONSOLE.to_owned());
    PageError(problem).into_response()
}

/// The page that gives the browser the cookie, and leads on to what was asked for.
fn leading_on(context: &Context, session: &SessionSecret) -> Response {
    let (app, here, leading) = (&context.app, &context.here, context.console.leading());
    let marked = match leading {
        Leading::Marked if here.contains('?') => format!("{here}&{MARK}"),
        Leading::Marked => format!("{here}?{MARK}"),
        Leading::ByItself | Leading::ByLink => here.clone(),
    };
    let frame = Frame::of(context, context.locale.0);
    let shown = ArrivalPage { to: app.issuer.local(&marked), by_itself: leading != Leading::ByLink, frame };
    let mut response = page(&shown, &shown.frame);
    let cookie = Cookie::Console.set(&console_cookie::value(app, session), &app.issuer);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
