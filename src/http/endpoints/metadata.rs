//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: what the server offers.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::AppState;

/// Answers with the metadata.
pub async fn metadata(State(app): State<AppState>, headers: HeaderMap) -> Response {
    app.metadata().document.answer(&headers)
}
