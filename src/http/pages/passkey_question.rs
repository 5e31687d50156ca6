//! Another question to a browser whose page stood open for longer than a challenge counts.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::context::Context;
use super::passkey::TICKET_FIELD;
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::json::Json;
use crate::identity::passkeys::PasskeyRejected;

/// `POST /passkeys/question`: by the script of a page, with the ticket of the question that it has. 410 where the page has to be opened anew.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let ticket = params.get(TICKET_FIELD).unwrap_or_default();
    match context.app.passkeys.ask_again(context.visitor.browser.digest(), ticket).await {
        Ok(Some(asked)) => Ok(Json(json!({ "options": asked.options, "ticket": asked.ticket })).into_response()),
        Err(PasskeyRejected::Store(error)) => Err(error.into()),
        Ok(None) | Err(_) => Ok(StatusCode::GONE.into_response()),
    }
}
