//! Cross-origin calls: which pages may read the answers (the Fetch standard's CORS protocol).
//!
//! Public documents may be read by every page. The endpoints that browser apps call may be read by pages of an origin that a registered
//! client redirects to, and, once it is known who calls, only of that client's. Cookies count at none of them, so such a page may send
//! some along without reading more by it: libraries do (`withCredentials`), and a browser then keeps every answer from them that does not
//! name their origin and allow credentials. No page of ours and no other endpoint allows anything.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::AppState;
use crate::model::Client;

/// How long a browser may remember a preflight's answer, in seconds.
const PREFLIGHT_LASTS: &str = "3600";
/// How long a public document waits to know whether a client has the caller's origin.
const PATIENCE: Duration = Duration::from_millis(250);
/// What a page may send, and what it may read besides the body.
const ALLOW_HEADERS: &str = "authorization, content-type";
const EXPOSE_HEADERS: &str = "www-authenticate, retry-after";

/// Answers a preflight for an endpoint that browser apps call. It names no client, so any client's origin may go on.
pub async fn preflight(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let origin = CallerOrigin::of(&headers);
    let mut response = origin.answer(&app, None, StatusCode::NO_CONTENT).await;
    if response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        describe(response.headers_mut(), HeaderValue::from_static("GET, POST"));
    }
    response
}

/// Answers a preflight for a public document.
pub async fn preflight_public(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let mut response = CallerOrigin::of(&headers).answer_publicly(&app, StatusCode::NO_CONTENT).await;
    let headers = response.headers_mut();
    describe(headers, HeaderValue::from_static("GET"));
    // The Fetch standard, section 3.2.4: beside credentials a `*` is a header of that name, and no wildcard.
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    }
    response
}

fn describe(headers: &mut HeaderMap, methods: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOW_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_LASTS));
}

/// The origin of the page that a request came from; none where no browser page sent it.
pub struct CallerOrigin(Option<HeaderValue>);

impl CallerOrigin {
    /// Reads it off a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self(headers.get(header::ORIGIN).cloned())
    }

    /// Writes an answer that the page may read if it is one of `client`, or, before it is known who calls, of any client.
    pub async fn answer(&self, app: &AppState, client: Option<&Client>, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        let Some(origin) = &self.0 else { return response };
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        if is_allowed(app, client, origin).await {
            allow(headers, origin);
        }
        response
    }

    /// Writes an answer that every page may read, and pages of any client with credentials. It waits for no store that is slow or away.
    pub async fn answer_publicly(&self, app: &AppState, answer: impl IntoResponse) -> Response {
        let registered = match &self.0 {
            Some(origin) => tokio::time::timeout(PATIENCE, is_allowed(app, None, origin)).await.unwrap_or(false),
            None => false,
        };
        let mut response = answer.into_response();
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        match &self.0 {
            Some(origin) if registered => allow(headers, origin),
            _ => {
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
        }
        response
    }
}

/// Never `*` and credentials: the origin is one that a client registered.
fn allow(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSE_HEADERS));
}

async fn is_allowed(app: &AppState, client: Option<&Client>, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    match client {
        Some(client) => client.allows_origin(origin),
        // A store that is away allows nothing.
        None => app.clients.any_allows_origin(origin).await.unwrap_or(false),
    }
}
