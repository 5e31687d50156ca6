//! Which browser this is, and which session it claims to have.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;
use crate::http::AppState;
use crate::http::cookies::Cookie;
use crate::sessions::{BrowserSecret, SessionSecret};

/// The browser's own secret. One that has none gets one with the answer: see
/// [`middleware::browser`](crate::http::middleware::browser).
#[derive(Clone)]
pub struct Browser {
    /// What the browser's cookie holds.
    pub secret: BrowserSecret,
    /// Whether the browser had it before this request.
    pub known: bool,
}

impl FromRequestParts<AppState> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        if let Some(browser) = parts.extensions.get::<Self>() {
            return Ok(browser.clone());
        }
        let browser = Self::read_or_draw(parts, app);
        parts.extensions.insert(browser.clone());
        Ok(browser)
    }
}

impl Browser {
    /// The browser that sent these headers, if it was here before.
    pub(crate) fn known(headers: &HeaderMap, app: &App) -> Option<Self> {
        let secret = Cookie::Browser.read(headers, &app.issuer).and_then(BrowserSecret::parse)?;
        Some(Self { secret, known: true })
    }

    fn read_or_draw(parts: &Parts, app: &AppState) -> Self {
        Self::known(&parts.headers, app)
            .unwrap_or_else(|| Self { secret: BrowserSecret::draw(app.random.as_ref()), known: false })
    }
}

/// The session cookie, if it is shaped like one. Whether it stands for anything is for `sessions` to say.
#[derive(Clone)]
pub struct SessionCookie(pub Option<SessionSecret>);

impl FromRequestParts<AppState> for SessionCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        Ok(Self(Cookie::Session.read(&parts.headers, &app.issuer).and_then(SessionSecret::parse)))
    }
}
