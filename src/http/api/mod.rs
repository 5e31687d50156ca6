//! The administration API, `/api/v1`: what administrators do, for programs.
//!
//! Owns what is HTTP about it: bearer tokens, documents as JSON, entity tags, pages of lists, problems. [`OPERATIONS`] is the one table of what
//! there is: the routes are made of it, its document, and the tests of who may do what. Decides nothing: each operation asks one function of
//! [`admin`](crate::admin), which says what it needs, what is wrong, and what became of it. No cookie is read here, and no origin is let in (CORS).

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use axum::routing::get;

use super::AppState;
use crate::protocol::own_api;

mod affiliations;
mod answer;
mod apis;
mod attributes;
mod audit;
mod body;
pub(in crate::http) mod call;
mod caller;
mod claim_rules;
mod clients;
mod connections;
mod declaration;
mod grace;
mod idempotency;
mod instance;
mod keys;
mod mail;
mod managers;
mod merge_patch;
mod negotiation;
pub(in crate::http) mod openapi;
mod operation;
mod operations;
mod people;
mod policy;
mod precondition;
pub(in crate::http) mod problem;
mod query;
mod rate_limit;
mod relations;
mod request;
mod sessions;
mod shapes;
mod users;
mod webhooks;

pub use operation::{Answers, Operation, Parameter, Shape, Takes};
pub use operations::OPERATIONS;
pub(in crate::http) use problem::PROBLEMS;

/// The routes, below the issuer's path.
pub(super) fn routes(app: &AppState) -> Router<AppState> {
    let routes = OPERATIONS.iter().fold(Router::new(), |routes, operation| {
        // Around each operation by itself: no path leads past it.
        let handler = (operation.handler)()
            .layer::<_, Infallible>(from_fn_with_state(app.clone(), caller::guard))
            .layer::<_, Infallible>(Extension(operation))
            .layer(from_fn(negotiated));
        routes.route(operation.path, handler)
    });
    // What the API is, for programs: no secret, and for everybody. It is long, so it is written down once, when it is first asked for.
    let document = Arc::new(OnceLock::new());
    let described = move |State(app): State<AppState>, headers: HeaderMap| async move {
        document.get_or_init(|| openapi::document(&app.issuer)).answer(&headers)
    };
    Router::new().nest(own_api::PATH, routes.route("/openapi.json", get(described)))
}

/// Whether a path is one of the API's, or would be: what is answered there is never a page.
pub(super) fn is_below(app: &AppState, path: &str) -> bool {
    let own = path.strip_prefix(app.issuer.path()).unwrap_or(path);
    own.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers only who can read it, and has nobody keep what was answered.
async fn negotiated(request: Request, next: Next) -> Response {
    let mut response = match negotiation::check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
