//! Going on with another account that is signed in to the same browser.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::{HOMES, OwnForm};
use super::AccountOwner;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;

/// `POST /account/switch`: makes a sign-in of this browser the one in use. Where it ended meanwhile, the one in use stays.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let text = |name: &str| form.params.get(name).unwrap_or_default();
    let wanted = text("sign_in").parse().map_err(|_| ProblemKind::BadRequest)?;
    let home = HOMES.iter().find(|home| **home == text("home")).ok_or(ProblemKind::BadRequest)?;
    let session = context.session().await?;
    context.app.flow.sessions.used(context.visitor.session.as_ref(), &session, wanted).await?;
    Ok(context.go(home))
}
