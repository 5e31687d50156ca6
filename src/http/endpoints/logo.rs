//! The logos that were uploaded, of the server and of clients: pictures that anybody may see, and browsers keep for ever.
//!
//! The name is read as the digest that it must be, and never opened as a file; another picture has another name. All of them are PNG that we wrote ourselves, and every answer says `nosniff`.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::logo::LogoId;

const KIND: HeaderValue = HeaderValue::from_static("image/png");
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// `GET /logos/{name}`
pub async fn get(State(app): State<AppState>, Path(name): Path<String>) -> Result<Response, PageError> {
    let id = LogoId::of_name(&name).ok_or(ProblemKind::NotFound)?;
    let picture = app.stores.logos.logo(id).await?.ok_or(ProblemKind::NotFound)?;
    Ok(([(header::CONTENT_TYPE, KIND), (header::CACHE_CONTROL, FOREVER)], picture).into_response())
}
