//! Signing out elsewhere.

use axum::http::header;
use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::{AccountOwner, Done};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::sessions::Ending;

/// `POST /account/sessions`: one sign-in, or all of them.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let wanted = params.get("session").unwrap_or_default();
    if wanted == "all" {
        context.app.accounts.sign_out_everywhere(owner.user.id).await?;
        context.app.flow.sign_out(&context.visitor, Ending::One(owner.sign_in.id)).await?;
        return Ok(forgetting(&context, context.go("/signed-out")));
    }
    let id = wanted.parse().map_err(|_| ProblemKind::BadRequest)?;
    if id == owner.sign_in.id {
        context.app.flow.sign_out(&context.visitor, Ending::One(id)).await?;
        return Ok(context.go("/signed-out"));
    }
    context.app.flow.sessions.end_elsewhere(owner.user.id, id).await?;
    Ok(Done::Saved.go(&context))
}

fn forgetting(context: &Context, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.forget(&context.app.issuer));
    response
}
