//! `/userinfo`: OpenID Connect Core 1.0 section 5.3.

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};

use super::cors::CallerOrigin;
use crate::http::AppState;
use crate::http::bearer;
use crate::http::error::ApiError;
use crate::http::extract::ApiForm;
use crate::http::json::Json;
use crate::protocol::Params;
use crate::tokens::userinfo;

/// Answers what an access token may know about its user.
pub async fn userinfo(State(app): State<AppState>, request: Request) -> Response {
    let origin = CallerOrigin::of(request.headers());
    let answer = answer(&app, request).await;
    origin.answer(&app, None, answer).await
}

async fn answer(app: &AppState, request: Request) -> Result<impl IntoResponse, ApiError> {
    let query = query(request.uri())?;
    let headers = request.headers().clone();
    let form = form(app, request).await?;
    let claims = userinfo::userinfo(&app.tokens, bearer::token(&headers, &form, &query)?).await?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(claims)))
}

fn query(uri: &Uri) -> Result<Params, ApiError> {
    let query = uri.query().unwrap_or_default();
    Params::parse(query.as_bytes()).map_err(|why| ApiError::new(why.into()))
}

/// The form of a POST. A POST that carries its token in the header may have no body, or one of any kind.
async fn form(app: &AppState, request: Request) -> Result<Params, ApiError> {
    let is_form = |headers: &HeaderMap| {
        let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
    };
    if request.method() == Method::POST && is_form(request.headers()) {
        return Ok(ApiForm::from_request(request, app).await?.0);
    }
    Ok(Params::default())
}
