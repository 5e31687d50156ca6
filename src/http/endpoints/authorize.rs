//! The authorization endpoint: RFC 6749 section 3.1, OpenID Connect Core 1.0 section 3.1.2.

use axum::extract::State;
use axum::response::Response;

use super::resume;
use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::extract::{Browser, OpenForm, PageLocale, PageQuery};
use crate::http::redirect;
use crate::protocol::Params;
use crate::sessions::Visitor;

/// By GET.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    locale: PageLocale,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    begin(&app, &visitor, locale, &params).await
}

/// By POST, which any site may do (OpenID Connect Core 1.0 section 3.1.2.1). A browser sends our cookies along only from our own pages, so a
/// post without them is turned into a GET, with which they come.
pub async fn post(
    State(app): State<AppState>,
    browser: Browser,
    visitor: Visitor,
    locale: PageLocale,
    OpenForm(params): OpenForm,
) -> Result<Response, PageError> {
    if browser.known {
        begin(&app, &visitor, locale, &params).await
    } else {
        redirect::again_by_get(&app.issuer.local("/authorize"), &params)
    }
}

async fn begin(app: &AppState, visitor: &Visitor, locale: PageLocale, params: &Params) -> Result<Response, PageError> {
    let outcome = app.flow.start(params, visitor).await?;
    Ok(resume::answer(app, locale.0, &outcome))
}
