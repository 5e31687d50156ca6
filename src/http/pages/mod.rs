//! What people see.
//!
//! Owns HTML and nothing else: a page is given what it shows, and its form comes back to a handler.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::middleware::{FormAction, Nonce, RequestId};
use super::problem::Problem;
use crate::app::App;
use crate::flow::logout::LogoutRequest;
use crate::flow::{AccountChoice, Answer};
use crate::model::Locale;
use crate::protocol::Params;

/// The page that says what happened and what to do.
pub fn problem(_app: &App, locale: Locale, problem: &Problem, id: RequestId) -> Response {
    let code = problem.kind.code();
    let detail = problem.detail.as_deref().map(escape).unwrap_or_default();
    html(format!(
        "<!doctype html><html lang=\"{}\"><title>{code}</title><main id=\"error\" data-error=\"{code}\"><p>{detail}<p>{id}</main></html>",
        locale.as_str()
    ))
}

/// The page that posts an answer to the app: OAuth 2.0 Form Post Response Mode section 2. It posts itself, and has a button for where there
/// is no script.
pub fn form_post(app: &App, locale: Locale, answer: &Answer) -> Response {
    let nonce = Nonce::draw(app.random.as_ref());
    let action = escape(answer.redirect.as_str());
    let mut response = html(format!(
        "<!doctype html><html lang=\"{}\"><title>-</title><form id=\"form-post\" method=\"post\" action=\"{action}\">{}<button \
         id=\"submit\">-</button></form><script nonce=\"{}\">document.getElementById('form-post').submit()</script></html>",
        locale.as_str(),
        answer.params.iter().map(|(name, value)| hidden(name, value)).collect::<String>(),
        nonce.as_str(),
    ));
    response.extensions_mut().insert(nonce);
    response.extensions_mut().insert(FormAction(answer.redirect.csp_source()));
    response
}

/// What the page needs that asks whether to sign out.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is what its type says")]
pub struct LogoutPage<'a> {
    pub request: &'a LogoutRequest,
    pub accounts: &'a [AccountChoice],
    /// What the app sent: the form sends it again, and it is checked again.
    pub params: &'a Params,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
}

/// The page that asks whether to sign out.
pub fn confirm_logout(app: &App, locale: Locale, page: &LogoutPage<'_>) -> Response {
    let kept = ["client_id", "id_token_hint", "post_logout_redirect_uri", "state", "ui_locales"];
    let fields = kept.iter().filter_map(|name| Some(hidden(name, page.params.get(name)?))).collect::<String>();
    let mut response = html(format!(
        "<!doctype html><html lang=\"{}\"><title>-</title><form id=\"logout\" method=\"post\" action=\"{}\">{fields}{}<button \
         id=\"confirm\">-</button></form></html>",
        locale.as_str(),
        app.issuer.local("/logout"),
        hidden("csrf", page.csrf),
    ));
    if let Some(back) = &page.request.back {
        response.extensions_mut().insert(FormAction(back.csp_source()));
    }
    response
}

/// The page that says that nobody is signed in any more.
pub fn signed_out(_app: &App, locale: Locale) -> Response {
    html(format!(
        "<!doctype html><html lang=\"{}\"><title>-</title><main id=\"signed-out\"></main></html>",
        locale.as_str()
    ))
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
}

fn html(body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], body).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
