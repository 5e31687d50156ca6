//! What surrounds every page: language, service, style, and the switch of languages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::assets;
use super::context::Context;
use super::previewed::{Preview, Previewed};
use super::style::Style;
use crate::admin::claim;
use crate::app::App;
use crate::flow::FlowView;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::PageError;
use crate::http::extract::Browser;
use crate::http::page_policy::{FormAction, Nonce, Popup};
use crate::i18n::Texts;
use crate::model::Locale;
use crate::model::branding::{BrandLinks, Branding};
use crate::model::logo::LogoId;

/// The surroundings of a page.
pub(super) struct Frame {
    /// The texts in the user's language.
    pub(super) t: &'static Texts,
    /// The path of the issuer: every link begins with it.
    pub(super) base: String,
    /// What the service is called.
    pub(super) service: String,
    /// Where to ask for help.
    pub(super) support: Option<String>,
    /// How the page presents the service.
    pub(super) look: Look,
    /// The page shows what is not saved, to an administrator. It is looked at, and does nothing.
    pub(super) preview: Option<Preview>,
    /// The nonce of the page's script.
    pub(super) nonce: Nonce,
    /// The page itself, to come back to when the language is switched.
    pub(super) here: String,
    /// The token of the language switch.
    pub(super) language_csrf: String,
    /// The server has no administrator yet, and every page says so.
    pub(super) unclaimed: bool,
}

/// How a page presents the service, beside its name.
#[derive(Debug)]
pub(super) struct Look {
    /// The file of its style sheet.
    pub(super) style: String,
    /// Where the logo is that was uploaded: one of our own paths, without the issuer's.
    pub(super) logo: Option<String>,
    pub(super) headline: Option<String>,
    pub(super) welcome: Option<String>,
    pub(super) terms: Option<String>,
    pub(super) privacy: Option<String>,
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
        if let Some(previewed) = &context.previewed {
            return Self::preview(&context.app, locale, previewed);
        }
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

    /// The surroundings of a page that shows what an administrator has not saved.
    fn preview(app: &App, locale: Locale, Previewed { branding, preview }: &Previewed) -> Self {
        let mut frame = Self::presenting(app, locale, branding);
        frame.look.style = Style { accents: branding.accent.of_both(), only: Some(preview.scheme) }.name();
        // The switch of languages is shown, and leads nowhere.
        "-".clone_into(&mut frame.language_csrf);
        Self { preview: Some(preview.clone()), unclaimed: false, ..frame }
    }

    fn bare(app: &App, locale: Locale) -> Self {
        Self::presenting(app, locale, &app.policies.seen_last().policy.branding)
    }

    fn presenting(app: &App, locale: Locale, branding: &Branding) -> Self {
        let pages = &app.config.pages;
        let name = branding.product_name.read_in(locale).unwrap_or(&pages.service_name);
        let support = branding.links.support_uri.as_ref().map(ToString::to_string);
        Self {
            t: Texts::of(locale),
            base: app.issuer.path().to_owned(),
            service: name.to_owned(),
            support: support.or_else(|| pages.support_url.clone()),
            look: Look::of(branding, locale),
            preview: None,
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

    /// The address of the picture beside the service's name: its logo, or else our mark. It stands beside the name, so it has no text of its own.
    pub(super) fn mark(&self) -> String {
        self.look.logo.as_ref().map_or_else(|| self.asset("mark.svg"), |path| format!("{}{path}", self.base))
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

impl Look {
    fn of(branding: &Branding, locale: Locale) -> Self {
        let BrandLinks { tos_uri, policy_uri, support_uri: _ } = &branding.links;
        let link = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
        Self {
            style: Style { accents: branding.accent.of_both(), only: None }.name(),
            logo: branding.logo.as_ref().map(LogoId::path),
            headline: branding.headline.read_in(locale).map(str::to_owned),
            welcome: branding.welcome.read_in(locale).map(str::to_owned),
            terms: link(tos_uri),
            privacy: link(policy_uri),
        }
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
