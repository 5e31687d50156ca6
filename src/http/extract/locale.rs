//! The language of a page: what the app asked for, then what the user chose, then what the browser prefers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::app::App;
use crate::http::AppState;
use crate::http::cookies::Cookie;
use crate::model::Locale;

/// The language that the request itself speaks for, and whose wish it is. A page that belongs to an app's login asks [`PageLocale::with`] too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLocale(pub Locale, Wish);

/// Whose wish a language is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// The end-user's, who chose it on one of our pages.
    EndUser,
    /// The browser's, or nobody's.
    Browser,
}

impl PageLocale {
    /// The language of a page that its end-user chose.
    pub(in crate::http) const fn chosen(locale: Locale) -> Self {
        Self(locale, Wish::EndUser)
    }

    /// The language, where an app may have asked for one: OpenID Connect Core 1.0 section 3.1.2.1, `ui_locales`. It is what the app knows of "the
    /// End-User's preferred languages", so what the end-user chose here goes before it, and what the browser says goes after.
    pub fn with(self, ui_locales: &[String]) -> Locale {
        match self.1 {
            Wish::EndUser => self.0,
            Wish::Browser => Locale::first_of(ui_locales.iter().map(String::as_str)).unwrap_or(self.0),
        }
    }
}

impl FromRequestParts<AppState> for PageLocale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let wish = chosen(&parts.headers, app).map_or(Wish::Browser, |_| Wish::EndUser);
        Ok(Self(negotiate(&parts.headers, app), wish))
    }
}

/// The language of a request's cookie, or its `Accept-Language`, or the configuration.
pub fn negotiate(headers: &HeaderMap, app: &App) -> Locale {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen(headers, app)
        .or_else(|| header.and_then(Locale::of_accept_language))
        .or_else(|| Locale::of_tag(&app.config.pages.default_locale))
        .unwrap_or_default()
}

/// The language that the end-user chose in this browser.
fn chosen(headers: &HeaderMap, app: &App) -> Option<Locale> {
    Cookie::Locale.read(headers, &app.issuer).and_then(Locale::of_tag)
}
