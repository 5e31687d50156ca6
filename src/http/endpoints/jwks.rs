//! `/jwks`: the keys that services verify tokens by (RFC 7517).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::AppState;
use crate::http::document::Document;

/// Answers with the published keys.
pub async fn jwks(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let published = app.keys.jwks();
    Document::tagged(published.body.clone(), &published.etag, published.max_age.as_secs()).answer(&headers)
}
