//! The language of a page: what the app asked for, then what the user chose, then what the browser prefers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::app::App;
use crate::http::AppState;
use crate::http::cookies::Cookie;
use crate::model::Locale;

/// The language that the request itself speaks for. A page that belongs to an app's login asks [`PageLocale::with`] too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLocale(pub Locale);

impl PageLocale {
    /// The language, where an app may have asked for one: OpenID Connect Core 1.0 section 3.1.2.1, `ui_locales`.
    pub fn with(self, ui_locales: &[String]) -> Locale {
        Locale::first_of(ui_locales.iter().map(String::as_str)).unwrap_or(self.0)
    }
}

impl FromRequestParts<AppState> for PageLocale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        Ok(Self(negotiate(&parts.headers, app)))
    }
}

/// The language of a request's cookie, or its `Accept-Language`, or the configuration.
pub fn negotiate(headers: &HeaderMap, app: &App) -> Locale {
    let chosen = Cookie::Locale.read(headers, &app.issuer).and_then(Locale::of_tag);
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen
        .or_else(|| header.and_then(Locale::of_accept_language))
        .or_else(|| Locale::of_tag(&app.config.pages.default_locale))
        .unwrap_or_default()
}
