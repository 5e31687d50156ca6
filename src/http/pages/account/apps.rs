//! Withdrawing what was agreed to.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::{AccountOwner, Done};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::client::ClientId;

/// `POST /account/apps`
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let client = ClientId::parse(params.get("client").unwrap_or_default()).map_err(|_| ProblemKind::BadRequest)?;
    context.app.accounts.withdraw_consent(owner.user.id, client).await?;
    Ok(Done::Withdrawn.go(&context))
}
