//! The end-session endpoint: OpenID Connect RP-Initiated Logout 1.0 section 2, its confirmation, and the page behind it.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use url::Url;

use crate::flow::AccountChoice;
use crate::flow::logout::{LogoutRequest, LogoutStep};
use crate::http::AppState;
use crate::http::cookies::forget_session;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::PageError;
use crate::http::extract::{Browser, OpenForm, PageLocale, PageQuery};
use crate::http::pages::{EndedWith, SignedOut};
use crate::http::refused::Refused;
use crate::http::{pages, redirect};
use crate::model::Session;
use crate::model::connection::{Connection, Slug};
use crate::protocol::Params;
use crate::sessions::{Ending, Visitor};
use crate::store::StoreResult;

/// The path, and what the form's token is bound to.
const PATH: &str = "/logout";
/// How long the last page waits for a provider to say where its own sign-out is.
const PATIENCE: Duration = Duration::from_secs(1);

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

/// By POST: an app's request, or the user's answer to our question. An app's post comes without our cookies, see `authorize`.
pub async fn post(
    State(app): State<AppState>,
    headers: HeaderMap,
    browser: Browser,
    visitor: Visitor,
    locale: PageLocale,
    OpenForm(params): OpenForm,
) -> Result<Response, PageError> {
    if params.names(csrf::FIELD) {
        csrf::check_origin(&headers, &app.issuer)?;
        let drawn_for = csrf::drawn_for(&app, &browser, PATH, &params)?;
        let before = app.flow.sessions.load(visitor.session.as_ref()).await?;
        // An account signed in since the question was asked: it is asked again, with that one's name.
        if before.current().is_some() && drawn_for != DrawnFor::current(before.current()) {
            return asked(&app, &browser, &visitor, locale, &params).await;
        }
        let request = app.flow.logout_request(&params).await?;
        let left = app.flow.sign_out(&visitor, Ending::All).await?;
        return done(&app, &request, &visitor, (&before, &left)).await;
    }
    if browser.known {
        asked(&app, &browser, &visitor, locale, &params).await
    } else {
        redirect::again_by_get(&app.issuer.local(PATH), &params)
    }
}

/// `/signed-out`: where users end up whom no app waits for. `from` is the connection that one of them came through: they may want to
/// sign out there too. `done` says what the sign-in ended with, where it was not by signing out. Whether an account is still signed in is for the
/// session to say, not for the address.
pub async fn signed_out(
    State(app): State<AppState>,
    browser: Browser,
    visitor: Visitor,
    locale: PageLocale,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let session = app.flow.sessions.load(visitor.session.as_ref()).await?;
    let accounts = app.flow.accounts(&session).await?;
    let with = EndedWith::of(params.get("done"));
    let from = params.get("from").and_then(|slug| Slug::parse(slug).ok());
    let how = match (with, from) {
        _ if !accounts.is_empty() => SignedOut::Still { emails: emails(&accounts), with },
        (Some(with), _) => SignedOut::With(with),
        (None, Some(slug)) => SignedOut::Asked(sign_out_there(&app, &slug).await?.map(Box::new)),
        (None, None) => SignedOut::Asked(None),
    };
    Ok(pages::signed_out(&app, &browser, locale.0, how))
}

fn emails(accounts: &[AccountChoice]) -> String {
    accounts.iter().map(|choice| choice.user.email.as_str()).collect::<Vec<_>>().join(", ")
}

/// The provider's own sign-out. One that is slow to say where that is has none for now.
async fn sign_out_there(app: &AppState, slug: &Slug) -> StoreResult<Option<(Connection, Url)>> {
    let back = format!("{}/signed-out", app.issuer.as_str().trim_end_matches('/'));
    let asked = tokio::time::timeout(PATIENCE, app.upstream.sign_out_url(slug, &back)).await;
    asked.unwrap_or(Ok(None))
}

async fn asked(
    app: &AppState,
    browser: &Browser,
    visitor: &Visitor,
    locale: PageLocale,
    params: &Params,
) -> Result<Response, PageError> {
    let request = app.flow.logout_request(params).await?;
    let mut response = asked_by(app, browser, visitor, (locale, params), &request).await?;
    if let Some(refusal) = &request.refusal {
        response.extensions_mut().insert(Refused(refusal.clone()));
    }
    Ok(response)
}

async fn asked_by(
    app: &AppState,
    browser: &Browser,
    visitor: &Visitor,
    (locale, params): (PageLocale, &Params),
    request: &LogoutRequest,
) -> Result<Response, PageError> {
    let session = app.flow.sessions.load(visitor.session.as_ref()).await?;
    match request.step(&session) {
        LogoutStep::End(ending) => {
            let left = app.flow.sign_out(visitor, ending).await?;
            done(app, request, visitor, (&session, &left)).await
        }
        LogoutStep::EndElsewhere(sign_in, user) => {
            app.flow.sign_out_elsewhere(request, (sign_in, user)).await?;
            done(app, request, visitor, (&session, &session)).await
        }
        LogoutStep::Nothing => done(app, request, visitor, (&session, &session)).await,
        LogoutStep::Confirm => {
            let accounts = app.flow.accounts(&session).await?;
            let token = csrf::token(app, browser, DrawnFor::current(session.current()), PATH);
            let page = pages::LogoutPage { request, accounts: &accounts, params, csrf: &token, browser };
            Ok(pages::confirm_logout(app, locale.with(&request.ui_locales), &page))
        }
    }
}

/// Back to the app, or to our own last page. Where no account is signed in any more, the browser forgets the session and what it cached. One that
/// sent no session has none to forget, or kept it to itself as another site had the request sent: nothing of that browser is touched.
async fn done(
    app: &AppState,
    request: &LogoutRequest,
    visitor: &Visitor,
    (before, left): (&Session, &Session),
) -> Result<Response, PageError> {
    let location = match request.location() {
        Some(location) => location,
        None => match ended_upstream(app, before, left).await? {
            Some(slug) => format!("{}?from={slug}", app.issuer.local("/signed-out")),
            None => app.issuer.local("/signed-out"),
        },
    };
    let mut response = redirect::see_other(&location);
    if visitor.session.is_some() && left.sign_ins.is_empty() {
        let headers = response.headers_mut();
        forget_session(headers, &app.issuer);
        // Not "cookies": that would take those of the whole registrable domain along.
        headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    }
    Ok(response)
}

/// The connection that a sign-in which ended had come through.
async fn ended_upstream(app: &AppState, before: &Session, left: &Session) -> StoreResult<Option<Slug>> {
    let mut ended = before.sign_ins.iter().filter(|one| !left.sign_ins.iter().any(|still| still.id == one.id));
    let Some(upstream) = ended.find_map(|sign_in| sign_in.upstream.as_ref()) else { return Ok(None) };
    Ok(app.stores.connections.find(upstream.connection).await?.map(|connection| connection.slug))
}
