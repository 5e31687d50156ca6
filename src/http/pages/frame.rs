//! What surrounds every page: language, service, style, and the switch of languages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::assets;
use super::context::Context;
use crate::admin::claim;
use crate::app::App;
use crate::flow::FlowView;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::PageError;
use crate::http::extract::Browser;
use crate::http::page_policy::{FormAction, Nonce, Popup};
use crate::i18n::Texts;
use crate::model::Locale;

/// The surroundings of a page.
pub(super) struct Frame {
    /// The texts in the user's language.
    pub(super) t: &'static Texts,
    /// The path of the issuer: every link begins with it.
    pub(super) base: String,
    /// The service's name, from `pages.service_name`.
    pub(super) service: String,
    /// Where to ask for help.
    pub(super) support: Option<String>,
    /// The nonce of the page's script.
    pub(super) nonce: Nonce,
    /// The page itself, to come back to when the language is switched.
    pub(super) here: String,
    /// The token of the language switch.
    pub(super) language_csrf: String,
    /// The server has no administrator yet, and every page says so.
    pub(super) unclaimed: bool,
}

/// A language to switch to.
pub(super) struct Language {
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    pub(super) current: bool,
}

impl Frame {
    /// The surroundings of a page that a user asked for.
    pub(super) fn of(context: &Context, locale: Locale) -> Self {
        let mut frame = Self::bare(&context.app, locale);
        frame.here.clone_from(&context.here);
        frame.language_csrf = context.csrf("/language");
        frame
    }

    /// The same of a page that is drawn for a form that was posted, too: `here` is where it is opened by its address, with all that it needs.
    pub(super) fn at(context: &Context, locale: Locale, here: String) -> Self {
        Self { here, ..Self::of(context, locale) }
    }

    /// The surroundings of a page that stands for an error: its language switch leads to the start page.
    pub(super) fn of_problem(app: &App, browser: Option<&Browser>, locale: Locale) -> Self {
        let mut frame = Self::bare(app, locale);
        frame.language_csrf =
            browser.map(|browser| csrf::token(app, browser, DrawnFor::Browser, "/language")).unwrap_or_default();
        frame
    }

    fn bare(app: &App, locale: Locale) -> Self {
        Self {
            t: Texts::of(locale),
            base: app.issuer.path().to_owned(),
            service: app.config.pages.service_name.clone(),
            support: app.config.pages.support_url.clone(),
            nonce: Nonce::draw(app.random.as_ref()),
            here: String::new(),
            language_csrf: String::new(),
            unclaimed: claim::is_known_open(&app.admin),
        }
    }

    /// The address of a file of ours. It changes with the file, so that browsers may keep it for ever.
    pub(super) fn asset(&self, name: &str) -> String {
        format!("{}/static/{}", self.base, assets::versioned(name))
    }

    /// The languages that Haechi speaks, each in its own words.
    pub(super) fn languages(&self) -> impl Iterator<Item = Language> {
        let current = self.t.locale();
        Locale::ALL.iter().map(move |&locale| Language {
            tag: locale.as_str(),
            name: locale.own_name(),
            current: locale == current,
        })
    }
}

/// A page as an answer: its nonce travels beside it for the content security policy.
pub(super) fn page(template: &impl askama::Template, frame: &Frame) -> Response {
    with_status(StatusCode::OK, template, frame)
}

/// A page with a status of its own.
pub(super) fn with_status(status: StatusCode, template: &impl askama::Template, frame: &Frame) -> Response {
    match template.render() {
        Ok(html) => {
            let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
            let mut response = (status, kind, html).into_response();
            response.extensions_mut().insert(frame.nonce.clone());
            response
        }
        Err(error) => PageError::internal(&error).into_response(),
    }
}

/// The page is one of a login: its forms may lead to the app in the end, and it may be a popup of the app's.
pub(super) fn of_flow(response: Response, view: &FlowView) -> Response {
    in_popup(leading_to(response, view.form_action()), view.is_popup())
}

/// Leaves the app's window in touch with a popup that it opened.
pub(super) fn in_popup(mut response: Response, popup: bool) -> Response {
    if popup {
        response.extensions_mut().insert(Popup);
    }
    response
}

/// Lets the page's forms lead to the app in the end: browsers check `form-action` at each redirect.
pub(super) fn leading_to(mut response: Response, source: String) -> Response {
    response.extensions_mut().insert(FormAction(source));
    response
}

/// The page's form may end at the app.
pub(super) fn leading_to_app(response: Response, flow: Option<&FlowView>) -> Response {
    match flow {
        Some(view) => of_flow(response, view),
        None => response,
    }
}
