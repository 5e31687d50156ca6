//! `/userinfo`: OpenID Connect Core 1.0 section 5.3.

use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Uri, header};
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
    let (parts, body) = request.into_parts();
    let form = if is_form(&parts) {
        ApiForm::from_request(Request::from_parts(parts.clone(), body), app).await?.0
    } else {
        Params::default()
    };
    let claims = userinfo::userinfo(&app.tokens, bearer::token(&parts.headers, &form, &query)?).await?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(claims)))
}

fn query(uri: &Uri) -> Result<Params, ApiError> {
    let query = uri.query().unwrap_or_default();
    Params::parse(query.as_bytes()).map_err(|why| ApiError::new(why.into()))
}

/// Whether a request is a POST of a form. A POST that carries its token in the header may have no body, or one of any kind.
fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    parts.method == Method::POST && kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
}
