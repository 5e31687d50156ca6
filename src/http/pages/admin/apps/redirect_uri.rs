//! A redirect URI while it is typed: what would be wrong with it, by the rule that it is registered by. A script of the forms asks.

use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::wrong::in_words;
use super::kind_named;
use crate::admin::{FieldError, Permission};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::json::Json;
use crate::http::problem::ProblemKind;
use crate::model::client::ClientKind;
use crate::protocol::redirect_uri::RegisteredRedirectUri;

/// `GET /admin/apps/redirect-uri`: what is wrong with `uri` for an app of a `kind`, in the language of the page; nothing where nothing is.
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    if !administrator.authority.allows_somewhere(Permission::WriteClients) {
        return Err(ProblemKind::Forbidden.into());
    }
    let kind = params.get("kind").and_then(kind_named).ok_or(ProblemKind::BadRequest)?;
    // A name that no caller of the API has: those are a client and an account.
    let caller = format!("typed redirect uri {}", administrator.user.id);
    if context.app.throttle.count_call(&caller).await.left.is_none() {
        return Err(ProblemKind::Throttled.into());
    }
    let uri = params.get("uri").unwrap_or_default();
    let parsed = RegisteredRedirectUri::parse(uri, kind == ClientKind::Native);
    let problem = parsed.err().map(|why| in_words(context.texts(None), FieldError::RedirectUri(0, why)));
    Ok(Json(json!({ "problem": problem })).into_response())
}
