//! `/jwks`: the keys that services verify tokens by (RFC 7517).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::cors::CallerOrigin;
use crate::http::AppState;

/// Answers with the published keys.
pub async fn jwks(State(app): State<AppState>, headers: HeaderMap) -> Response {
    CallerOrigin::of(&headers).answer_publicly(&app, app.described().jwks.answer(&headers)).await
}
