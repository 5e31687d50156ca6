//! What happens around every request: an id, a log line, caught panics, error pages, security headers; and around pages, the browser.
//!
//! One layer does all of it, as every layer costs each request something.

mod browser;
mod headers;
mod host;
mod panics;
mod problems;
mod refusals;

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures_util::FutureExt;

pub use browser::browser;

use super::AppState;
use super::api::problem;
use super::extract::ClientAddress;
use super::refuse::{self, Form};
use crate::support::Request as Asked;

/// The header that tells an app, and a user on an error page, which log lines belong to a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts the layer around all routes.
pub(super) fn around(routes: Router, app: &AppState) -> Router {
    routes.layer(from_fn_with_state(app.clone(), every_request))
}

async fn every_request(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = app.requests().next();
    let asked = Asked { id, address: ClientAddress::of_request(&request, &app.config.network).0 };
    let line = LogLine::begin(asked, &request);
    let asker = problems::Asker::of(&request);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let form = Form::of(&app, &request);
    let path = (form == Form::Problem).then(|| request.uri().path().to_owned());
    request.extensions_mut().insert(form);
    let run = async move {
        if let Err(kind) = host::check(&request) {
            return refuse::refuse(kind, form);
        }
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        answered.unwrap_or_else(|panic| panics::answer(panic.as_ref(), form))
    };
    let mut response = asked.scope(run).await;
    response = problems::show(&app, &asker, id, response);
    response = problem::written(&app, path.as_deref().unwrap_or_default(), id, response);
    refusals::note(&app, id, route, &mut response).await;
    headers::add(&app.issuer, &mut response);
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    line.end(response.status());
    response
}

/// One line about a request. Neither query strings nor header values are ever in it.
struct LogLine {
    asked: Asked,
    /// What else it says, where it is wanted.
    wanted: Option<Wanted>,
}

struct Wanted {
    method: Method,
    route: String,
    began: Instant,
}

impl LogLine {
    fn begin(asked: Asked, request: &Request) -> Self {
        let wanted = tracing::enabled!(target: "haechi::access", tracing::Level::DEBUG).then(|| Wanted {
            method: request.method().clone(),
            // The route and not the path: a path is a stranger's text.
            route: request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned(),
            began: Instant::now(),
        });
        Self { asked, wanted }
    }

    fn end(self, status: StatusCode) {
        let Asked { id, address } = self.asked;
        if let Some(Wanted { method, route, began }) = self.wanted {
            let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            let status = status.as_u16();
            tracing::debug!(target: "haechi::access", %id, %method, route, status, micros, %address, "answered");
        } else if status.is_server_error() {
            tracing::warn!(target: "haechi::access", %id, status = status.as_u16(), "answered with an error");
        }
    }
}

/// A method that a route does not know, and a path that nothing is at.
pub(super) async fn method_not_allowed(Extension(form): Extension<Form>) -> Response {
    refuse::refuse(super::problem::ProblemKind::MethodNotAllowed, form)
}

/// A path that nothing is at.
pub(super) async fn not_found(Extension(form): Extension<Form>) -> Response {
    refuse::refuse(super::problem::ProblemKind::NotFound, form)
}
