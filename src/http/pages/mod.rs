//! What people see.
//!
//! Owns HTML and nothing else: a page is given what it shows, and its form comes back to a handler.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::middleware::RequestId;
use super::problem::Problem;
use crate::app::App;
use crate::model::Locale;

/// The page that says what happened and what to do.
pub fn problem(_app: &App, locale: Locale, problem: &Problem, id: RequestId) -> Response {
    let code = problem.kind.code();
    let detail = problem.detail.as_deref().map(escape).unwrap_or_default();
    html(format!(
        "<!doctype html><html lang=\"{}\"><title>{code}</title><main id=\"error\" data-error=\"{code}\"><p>{detail}<p>{id}</main></html>",
        locale.as_str()
    ))
}

fn html(body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], body).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
