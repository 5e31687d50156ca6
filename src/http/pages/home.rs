//! The start page: there is none, only the user's own page or the way to it.

use axum::response::Response;

use super::context::Context;

/// `GET /`
pub async fn get(context: Context) -> Response {
    match context.signed_in().await {
        Ok(_) => context.go("/account"),
        Err(elsewhere) => elsewhere,
    }
}
