//! What browsers and password managers look for about passkeys.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::json::Json;
use crate::http::problem::ProblemKind;

/// `/.well-known/webauthn` (Web Authentication Level 3 section 5.11): the other origins that may use the passkeys of this host. It is nowhere where there are none, or none is used.
pub async fn related_origins(State(app): State<AppState>) -> Result<Response, PageError> {
    let origins = app.passkeys.related_origins();
    if origins.is_empty() || !app.passkeys.are_offered().await? {
        return Err(ProblemKind::NotFound.into());
    }
    Ok(Json(json!({"origins": origins})).into_response())
}

/// `/.well-known/passkey-endpoints` (A Well-Known URL for Relying Party Passkey Endpoints): where passkeys are added and looked after.
pub async fn endpoints(State(app): State<AppState>) -> Result<Response, PageError> {
    if !app.passkeys.are_offered().await? {
        return Err(ProblemKind::NotFound.into());
    }
    let page = app.issuer.url("/account/security#passkeys");
    Ok(Json(json!({"enroll": page, "manage": page})).into_response())
}
