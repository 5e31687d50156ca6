//! Signing out elsewhere.

use axum::http::header;
use axum::response::Response;

use super::super::context::Context;
use super::{Done, owner};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::problem::ProblemKind;
use crate::sessions::Ending;

/// `POST /account/sessions`: one sign-in, or all of them.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let (sign_in, user) = match owner(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let wanted = params.get("session").unwrap_or_default();
    if wanted == "all" {
        context.app.accounts.sign_out_everywhere(user.id, &context.origin()).await?;
        context.app.flow.sign_out(&context.visitor, Ending::One(sign_in.id)).await?;
        return Ok(forgetting(&context, context.go("/signed-out")));
    }
    let id = wanted.parse().map_err(|_| ProblemKind::BadRequest)?;
    if id == sign_in.id {
        context.app.flow.sign_out(&context.visitor, Ending::One(id)).await?;
        return Ok(context.go("/signed-out"));
    }
    context.app.flow.sessions.end_elsewhere(&context.visitor, user.id, id).await?;
    Ok(Done::Saved.go(&context))
}

fn forgetting(context: &Context, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.forget(&context.app.issuer));
    response
}
