//! Choosing the language of pages and mail for good.

use axum::http::header;
use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::{AccountOwner, Done};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::Locale;

/// `POST /account/language`
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params, .. } = form;
    let locale = params.get("locale").and_then(Locale::of_tag).ok_or(ProblemKind::BadRequest)?;
    context.app.accounts.set_locale(owner.user.id, locale.as_str()).await?;
    let mut response = Done::Saved.go(&context);
    let cookie = Cookie::Locale.set(locale.as_str(), &context.app.issuer);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
