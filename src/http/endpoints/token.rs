//! `/token`: RFC 6749 section 3.2.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::api_call::{ApiCall, CrossOriginCall};
use super::rejections;
use crate::client_auth::{AuthenticatedClient, Endpoint};
use crate::grants::{self, TokenRequest};
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::json::Json;

/// Answers a token request.
pub async fn token(State(app): State<AppState>, call: CrossOriginCall) -> Response {
    call.answered(&app, answer).await
}

async fn answer(
    app: &AppState,
    call: &ApiCall,
    caller: &mut Option<AuthenticatedClient>,
) -> Result<Response, ApiError> {
    let grant = grants::find(&call.params)?;
    let client = caller.insert(call.authenticate(app, Endpoint::Token).await?);
    let request = TokenRequest { tokens: &app.tokens, client, params: &call.params, sender_key: None };
    let tokens = grants::redeem(grant, &request).await.map_err(|why| rejections::of_grant(why, &request))?;
    // Section 5.1: "The authorization server MUST include the HTTP Cache-Control response header field with a value of no-store in any
    // response containing tokens [...], as well as the Pragma response header field with a value of no-cache."
    let uncached = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    Ok((uncached, Json(tokens)).into_response())
}
