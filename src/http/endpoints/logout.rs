//! The end-session endpoint: OpenID Connect RP-Initiated Logout 1.0 section 2, its confirmation, and the page behind it.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::flow::logout::{LogoutRequest, LogoutStep};
use crate::flow::{Ending, Visitor};
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::{Browser, OpenForm, PageLocale, PageQuery};
use crate::http::state::AppState;
use crate::http::{csrf, pages, redirect};
use crate::model::Session;
use crate::protocol::Params;

/// The path, and what the form's token is bound to.
const PATH: &str = "/logout";

/// By GET.
pub async fn get(
    State(app): State<AppState>,
    browser: Browser,
    visitor: Visitor,
    locale: PageLocale,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    asked(&app, &browser, &visitor, locale, &params).await
}

/// By POST: an app's request, or the person's answer to our question. An app's post comes without our cookies, see `authorize`.
pub async fn post(
    State(app): State<AppState>,
    headers: HeaderMap,
    browser: Browser,
    visitor: Visitor,
    locale: PageLocale,
    OpenForm(params): OpenForm,
) -> Result<Response, PageError> {
    if params.names(csrf::FIELD) {
        csrf::check(&app, &headers, &browser, PATH, &params)?;
        let request = app.flow.logout_request(&params).await?;
        let left = app.flow.sign_out(&visitor, Ending::All).await?;
        return Ok(done(&app, &request, &left));
    }
    if browser.known {
        asked(&app, &browser, &visitor, locale, &params).await
    } else {
        redirect::again_by_get(&app.issuer.local(PATH), &params)
    }
}

/// `/signed-out`: where people end up whom no app waits for.
pub async fn signed_out(State(app): State<AppState>, browser: Browser, locale: PageLocale) -> Response {
    pages::signed_out(&app, &browser, locale.0)
}

async fn asked(
    app: &AppState,
    browser: &Browser,
    visitor: &Visitor,
    locale: PageLocale,
    params: &Params,
) -> Result<Response, PageError> {
    let request = app.flow.logout_request(params).await?;
    let session = app.flow.sessions.load(visitor.session.as_ref()).await?;
    match request.step(&session) {
        LogoutStep::End(ending) => {
            let left = app.flow.sign_out(visitor, ending).await?;
            Ok(done(app, &request, &left))
        }
        LogoutStep::Nothing => Ok(done(app, &request, &session)),
        LogoutStep::Confirm => {
            let accounts = app.flow.accounts(&session).await?;
            let token = csrf::token(app, browser, PATH);
            let page = pages::LogoutPage { request: &request, accounts: &accounts, params, csrf: &token, browser };
            Ok(pages::confirm_logout(app, locale.with(&request.ui_locales), &page))
        }
    }
}

/// Back to the app, or to our own last page. Where nobody is signed in any more, the browser forgets the session and what it cached.
fn done(app: &AppState, request: &LogoutRequest, left: &Session) -> Response {
    let location = request.location().unwrap_or_else(|| app.issuer.local("/signed-out"));
    let mut response = redirect::see_other(&location);
    if left.sign_ins.is_empty() {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, Cookie::Session.forget(&app.issuer));
        // Not "cookies": that would take those of the whole registrable domain along.
        headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    }
    response
}
