//! Writes the page around a [`Problem`] that a handler answered with.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::app::App;
use crate::http::extract::{Browser, negotiate};
use crate::http::pages;
use crate::http::problem::Problem;
use crate::http::request_id::RequestId;

/// What is kept of a request until it is known whether its answer is a page in some language.
pub(super) struct Asker {
    cookie: Option<HeaderValue>,
    accept_language: Option<HeaderValue>,
}

impl Asker {
    pub(super) fn of(request: &Request) -> Self {
        let one = |name| request.headers().get(name).cloned();
        Self { cookie: one(header::COOKIE), accept_language: one(header::ACCEPT_LANGUAGE) }
    }

    fn headers(&self) -> HeaderMap {
        let pairs = [(header::COOKIE, self.cookie.clone()), (header::ACCEPT_LANGUAGE, self.accept_language.clone())];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Keeps the status and the headers of the answer, and gives it the page.
pub(super) fn show(app: &App, asker: &Asker, id: RequestId, mut response: Response) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let headers = asker.headers();
    let page = pages::problem(
        app,
        negotiate(&headers, app),
        &pages::ProblemShown { problem: &problem, id, browser: Browser::known(&headers, app) },
    );
    let (mut parts, _) = response.into_parts();
    let (page_parts, body) = page.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(page_parts.headers);
    parts.extensions.extend(page_parts.extensions);
    Response::from_parts(parts, body)
}
