//! `/introspect`: RFC 7662.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use super::api_call::ApiCall;
use crate::client_auth::{ClientAuthRejected, Endpoint};
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::tokens::introspect;

/// Answers what a token is worth. Section 2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of
/// authorization", and a public client has none.
pub async fn introspect(State(app): State<AppState>, call: ApiCall) -> Result<impl IntoResponse, ApiError> {
    let caller = call.authenticate(&app, Endpoint::Introspection).await?;
    if caller.is_public() {
        return Err(ClientAuthRejected::WrongMethod.into());
    }
    let answer = introspect::introspect(&app.tokens, &caller, call.params.required("token")?).await?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)))
}
