//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: what the server offers.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::cors::CallerOrigin;
use crate::http::AppState;

/// Answers with the metadata.
pub async fn metadata(State(app): State<AppState>, headers: HeaderMap) -> Response {
    CallerOrigin::of(&headers).answer_publicly(&app, app.described().metadata.answer(&headers)).await
}
