//! `/revoke`: RFC 7009.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::api_call::{ApiCall, CrossOriginCall};
use crate::client_auth::{AuthenticatedClient, Endpoint};
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::tokens::revoke;

/// Revokes a token. Section 2.2: 200 "if the token has been revoked successfully or if the client submitted an invalid token".
/// `token_type_hint` only says where to look first, and a token says itself what it is.
pub async fn revoke(State(app): State<AppState>, call: CrossOriginCall) -> Response {
    call.answered(&app, answer).await
}

async fn answer(
    app: &AppState,
    call: &ApiCall,
    caller: &mut Option<AuthenticatedClient>,
) -> Result<Response, ApiError> {
    let client = caller.insert(call.authenticate(app, Endpoint::Revocation).await?);
    revoke::revoke(&app.tokens, client, call.params.required("token")?).await?;
    Ok([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))].into_response())
}
