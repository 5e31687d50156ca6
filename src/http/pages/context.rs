//! What every page handler takes from a request.

use std::convert::Infallible;
use std::sync::OnceLock;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};

use super::previewed::Previewed;
use super::view::Form;
use crate::flow::FlowView;
use crate::http::AppState;
use crate::http::console_cookie::{self, ConsoleCookie};
use crate::http::cookies::Cookie;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::PageError;
use crate::http::extract::{Browser, PageLocale};
use crate::http::next::Next;
use crate::http::redirect;
use crate::i18n::{Texts, keys};
use crate::identity::Origin;
use crate::identity::accounts::{Asked, Presented};
use crate::identity::throttling::{Challenge, Purpose};
use crate::model::Locale;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::session::{Session, SignIn};
use crate::sessions::{Onward, SessionCookie, Visitor};
use crate::store::StoreResult;
use crate::support::Secret;
use crate::upstream::ReturnContext;

/// Who asks for a page, from where, in which language.
pub struct Context {
    pub(super) app: AppState,
    pub(super) visitor: Visitor,
    pub(super) browser: Browser,
    pub(super) locale: PageLocale,
    /// Path and query of this page, without the issuer's path.
    pub(super) here: String,
    /// Where the browser is to come back to after signing in.
    pub(super) next: Option<Next>,
    /// What the browser worked for, and nobody looked at: the form holds it again.
    pub(super) unspent: OnceLock<Challenge>,
    /// Whether the page was asked for, and nothing sent to it.
    pub(super) is_get: bool,
    /// What shows that a request to the console began here.
    pub(super) console: ConsoleCookie,
    /// What the page shows that is not saved.
    pub(super) previewed: Option<Previewed>,
}

impl FromRequestParts<AppState> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let Ok(browser) = Browser::from_request_parts(parts, app).await;
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        let Ok(locale) = PageLocale::from_request_parts(parts, app).await;
        let here = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let next = Next::of_browser(&parts.headers, &app.issuer);
        let is_get = parts.method == Method::GET;
        let console = ConsoleCookie::read(parts, &app.issuer);
        let (app, unspent, previewed) = (app.clone(), OnceLock::new(), None);
        Ok(Self { app, visitor, browser, locale, here, next, unspent, is_get, console, previewed })
    }
}

impl Context {
    /// The same for a page that shows what is not saved, in this language.
    pub(super) fn previewing(self, locale: Locale, previewed: Previewed) -> Self {
        Self { locale: PageLocale::chosen(locale), previewed: Some(previewed), ..self }
    }

    /// The hidden token of a form that posts to one of our paths, and acts for no account.
    pub(super) fn csrf(&self, path: &str) -> String {
        csrf::token(&self.app, &self.browser, DrawnFor::Browser, path)
    }

    /// The hidden token of a form that acts for the account of a sign-in.
    pub(super) fn csrf_of(&self, sign_in: &SignIn, path: &str) -> String {
        csrf::token(&self.app, &self.browser, DrawnFor::SignIn(sign_in.id), path)
    }

    /// Where an attempt to authenticate comes from.
    pub(super) fn origin(&self) -> Origin {
        let browser = self.browser.known.then(|| self.browser.secret.digest());
        Origin { address: self.visitor.address, browser, worked: false }
    }

    /// The same, of a form that may say that the browser worked for it (its field `work`).
    pub(super) async fn origin_of_guess(&self, purpose: Purpose, work: Option<&str>) -> Origin {
        let origin = self.origin();
        Origin { worked: self.app.throttle.worked(work, purpose, &origin).await, ..origin }
    }

    /// What a mailed link is worth now. There is nothing to guess about 256 random bits; but each look costs one, whoever is signed in. It counts
    /// once in a request: a handler that counted already asks the accounts themselves.
    pub(super) async fn presented(
        &self,
        purposes: &[OneTimeTokenPurpose],
        token: &Secret<String>,
    ) -> Result<Option<Presented>, PageError> {
        self.app.throttle.admit_authorization(self.visitor.address).await?;
        Ok(self.app.accounts.presented(purposes, token).await?)
    }

    /// The pending authorization that a page belongs to, if it belongs to one.
    pub(super) async fn flow(&self, id: Option<&str>) -> Result<Option<FlowView>, PageError> {
        match id {
            Some(id) => Ok(Some(self.app.flow.view(id, &self.visitor).await?)),
            None => Ok(None),
        }
    }

    /// The language of a page that may belong to an app's login.
    pub(super) fn locale_for(&self, flow: Option<&FlowView>) -> Locale {
        flow.map_or(self.locale.0, |view| self.locale.with(view.ui_locales()))
    }

    /// Where a mail is asked for: on a page of this language, on the way of an app's request where it has one.
    pub(super) fn asked(&self, flow: Option<&FlowView>) -> Asked {
        Asked { page: Some(self.locale_for(flow)), flow: flow.map(FlowView::id) }
    }

    /// The language of a page on the way of a login that waits: that of the app's request which it belongs to, as long as that waits, too.
    pub(super) async fn locale_of_login(&self, handle: &str) -> StoreResult<Locale> {
        let waiting = self.app.flow.sessions.pending(&self.visitor, handle).await?;
        let Some(Onward::Flow(id)) = waiting.map(|waiting| waiting.onward) else { return Ok(self.locale.0) };
        let view = self.app.flow.view(&id.to_string(), &self.visitor).await;
        Ok(view.map_or(self.locale.0, |view| self.locale_for(Some(&view))))
    }

    /// The texts of a page.
    pub(super) fn texts(&self, flow: Option<&FlowView>) -> &'static Texts {
        Texts::of(self.locale_for(flow))
    }

    /// What is said beside a field for a new password.
    pub(super) async fn password_hint(&self, t: &Texts) -> StoreResult<String> {
        let min = self.app.policies.current().await?.sign_in.password_min_chars;
        Ok(t.with(keys::form::PASSWORD_HINT, "min", &min.to_string()))
    }

    /// The hidden fields of a form that posts to one of our paths.
    pub(super) fn form(&self, path: &str, flow: Option<&FlowView>) -> Form {
        Form { csrf: self.csrf(path), flow: flow.map(FlowView::id) }
    }

    /// Who is signed in to this browser.
    pub(super) async fn session(&self) -> StoreResult<Session> {
        self.app.flow.sessions.load(self.visitor.session.as_ref()).await
    }

    /// The sign-in used last, or the way to the login page, and from there back to this one.
    pub(super) async fn signed_in(&self) -> Result<SignIn, Response> {
        match self.session().await {
            Ok(session) => session.current().cloned().ok_or_else(|| self.sign_in_first()),
            Err(error) => Err(PageError::from(error).into_response()),
        }
    }

    fn sign_in_first(&self) -> Response {
        let mut response = self.go("/login");
        if let Some(here) = self.page() {
            response.headers_mut().append(header::SET_COOKIE, here.remember(&self.app.issuer));
        }
        response
    }

    /// This page, where it can be come back to.
    pub(super) fn page(&self) -> Option<Next> {
        Next::parse(&self.here).filter(|_| self.is_get)
    }

    /// Where a sign-in through an upstream provider is completed: this browser, with the accounts that are signed in there.
    pub(super) async fn return_context(&self, flow: Option<&FlowView>) -> StoreResult<ReturnContext<'_>> {
        Ok(ReturnContext {
            accounts: &self.app.accounts,
            visitor: &self.visitor,
            session: self.session().await?,
            origin: self.origin(),
            locale: self.locale_for(flow),
        })
    }

    /// `303 See Other` to one of our own pages: after a form nothing is ever posted again.
    pub(super) fn go(&self, path: &str) -> Response {
        redirect::see_other(&self.app.issuer.local(path))
    }

    /// Whether an answer gives the browser a session cookie.
    pub(super) fn gives_session(&self, response: &Response) -> bool {
        let name = Cookie::Session.name(&self.app.issuer);
        let set = response.headers().get_all(header::SET_COOKIE).iter();
        set.filter_map(|value| value.to_str().ok()).any(|text| text.starts_with(name))
    }

    /// Gives the browser its new session cookie with the answer, and the one that belongs to it in the console.
    pub(super) fn with_session(&self, mut response: Response, cookie: &SessionCookie) -> Response {
        let age = cookie.keep_for.map(|span| span.as_secs());
        let console = console_cookie::value(&self.app, cookie);
        for (cookie, value) in [(Cookie::Session, cookie.expose()), (Cookie::Console, console)] {
            let line = cookie.set_for(&value, age, &self.app.issuer);
            response.headers_mut().append(header::SET_COOKIE, line);
        }
        response
    }
}
