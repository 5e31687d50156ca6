//! `/introspect`: RFC 7662.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use super::api_call::ApiCall;
use crate::client_auth::{ClientAuthRejected, Endpoint};
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::model::refusal::{Reason, Refusal};
use crate::tokens::introspect;

/// Answers what a token is worth. Section 2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of
/// authorization", and a public client has none.
pub async fn introspect(State(app): State<AppState>, call: ApiCall) -> Result<impl IntoResponse, ApiError> {
    let caller = call.authenticate(&app, Endpoint::Introspection).await?;
    let of_caller = |error: ApiError| error.of_call(&call.params, Some(caller.client()));
    if caller.is_public() {
        let refusal = Refusal::new(Reason::AuthenticationMethod).at("token_endpoint_auth_method", Some("none"));
        return Err(of_caller(ApiError::from(ClientAuthRejected::WrongMethod).refusing(refusal)));
    }
    let token = call.params.required("token").map_err(|error| of_caller(error.into()))?;
    let answer = introspect::introspect(&app.tokens, &caller, token).await?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)))
}
