//! Withdrawing what was agreed to.

use axum::response::Response;

use super::super::context::Context;
use super::{Done, owner};
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::problem::ProblemKind;
use crate::model::client::ClientId;

/// `POST /account/apps`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let user = match owner(&context).await {
        Ok((_, user)) => user,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let client = ClientId::parse(params.get("client").unwrap_or_default()).map_err(|_| ProblemKind::BadRequest)?;
    context.app.accounts.withdraw_consent(user.id, client, &context.origin()).await?;
    Ok(Done::Withdrawn.go(&context))
}
