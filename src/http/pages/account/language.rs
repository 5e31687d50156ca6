//! Choosing the language of pages and mail for good.

use axum::http::header;
use axum::response::Response;

use super::super::context::Context;
use super::{Done, owner};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::PageForm;
use crate::http::problem::ProblemKind;
use crate::model::Locale;

/// `POST /account/language`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let locale = params.get("locale").and_then(Locale::of_tag).ok_or(ProblemKind::BadRequest)?;
    let user = match owner(&context).await {
        Ok((_, user)) => user,
        Err(elsewhere) => return Ok(elsewhere),
    };
    context.app.accounts.set_locale(user.id, locale.as_str()).await?;
    let mut response = Done::Saved.go(&context);
    let cookie = Cookie::Locale.set(locale.as_str(), &context.app.issuer);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
