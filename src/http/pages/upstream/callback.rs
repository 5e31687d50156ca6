//! The way back from a provider: each connection has an address of its own.

use axum::extract::Path;
use axum::response::Response;

use super::super::context::Context;
use super::outcome;
use crate::http::error::PageError;
use crate::http::extract::{OpenForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect::encoded;
use crate::model::connection::Slug;

/// `GET /upstream/{slug}/callback`
pub async fn get(
    context: Context,
    Path(slug): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let carried = params.get("answer").map(|answer| context.app.upstream.carried(&slug, answer));
    let params = carried.unwrap_or(Some(params)).ok_or(ProblemKind::BadRequest)?;
    match context.app.upstream.finish(&slug, &params, &context.visitor).await {
        Ok(returned) => outcome::returned(&context, returned).await,
        Err(failed) => outcome::failed(&context, failed).await,
    }
}

/// `POST /upstream/{slug}/callback`: OAuth 2.0 Form Post Response Mode.
///
/// The form comes from the provider's page, so the browser sends none of our cookies with it (`SameSite=Lax`). The answer is sealed and
/// taken along to the same address by a GET, where they are there; nothing is decided here.
pub async fn post(
    context: Context,
    Path(slug): Path<String>,
    OpenForm(params): OpenForm,
) -> Result<Response, PageError> {
    Slug::parse(&slug).map_err(|_| ProblemKind::NotFound)?;
    let answer = context.app.upstream.carry(&slug, &params).ok_or(ProblemKind::TooLarge)?;
    Ok(context.go(&format!("/upstream/{slug}/callback?answer={}", encoded(&answer))))
}
