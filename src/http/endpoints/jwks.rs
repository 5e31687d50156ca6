//! `/jwks`: the keys that services verify tokens by (RFC 7517).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::cors::CallerOrigin;
use crate::http::AppState;
use crate::http::document::Document;

/// Answers with the published keys.
pub async fn jwks(State(app): State<AppState>, headers: HeaderMap) -> Response {
    let published = app.keys.jwks();
    let document = Document::tagged(published.body.clone(), &published.etag, published.max_age.as_secs());
    CallerOrigin::of(&headers).answer_publicly(&app, document.answer(&headers)).await
}
