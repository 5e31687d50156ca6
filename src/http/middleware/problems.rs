//! Writes the page around a [`Problem`] that a handler answered with.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::app::App;
use crate::http::extract::{Browser, negotiate};
use crate::http::pages;
use crate::http::problem::Problem;
use crate::support::request::RequestId;

/// What is kept of a request until it is known whether its answer is a page in some language.
pub(super) struct Asker(Vec<(HeaderName, HeaderValue)>);

impl Asker {
    pub(super) fn of(request: &Request) -> Self {
        // All lines of them: HTTP/2 may split cookies.
        let all = |name: HeaderName| {
            let lines = request.headers().get_all(&name).iter();
            lines.map(|line| (name.clone(), line.clone())).collect::<Vec<_>>()
        };
        Self([all(header::COOKIE), all(header::ACCEPT_LANGUAGE)].concat())
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, line) in &self.0 {
            headers.append(name, line.clone());
        }
        headers
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
