//! Forms that only our own pages can post.
//!
//! Three walls: cookies are `SameSite=Lax`, and one that the console asks for is `Strict`; the browser says that the post comes from here, and the form carries a token that is bound
//! to this browser, to this form's path and, where it acts for an account, to the sign-in that it was drawn for. The token is checked last
//! and alone would do. Owns the token; whether the sign-in it names is the one in use is for [`OwnForm`](super::pages::OwnForm) to say.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::browser::Browser;
use super::error::PageError;
use super::problem::ProblemKind;
use crate::app::App;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::protocol::issuer::Issuer;
use crate::support::id::SignInId;

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// What a form was drawn for, besides the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawnFor {
    /// For any end-user of the browser: the form signs an account in, or changes nothing of one.
    Browser,
    /// For the account of one sign-in: no other may send the form.
    SignIn(SignInId),
}

impl DrawnFor {
    /// For the sign-in that is in use, where there is one.
    pub fn current(sign_in: Option<&SignIn>) -> Self {
        sign_in.map_or(Self::Browser, |sign_in| Self::SignIn(sign_in.id))
    }

    fn tagged<'a>(&'a self, browser: &'a Browser, path: &'a str) -> Vec<&'a [u8]> {
        let mut parts = vec![&browser.secret.bytes()[..], path.as_bytes()];
        if let Self::SignIn(id) = self {
            parts.push(id.as_bytes());
        }
        parts
    }
}

/// The value of the hidden field of a form that posts to `path`, one of our own paths without the issuer's. It names the sign-in that the
/// form was drawn for, so that a form of another one is told from a form that is worth nothing.
pub fn token(app: &App, browser: &Browser, drawn_for: DrawnFor, path: &str) -> String {
    let tag = URL_SAFE_NO_PAD.encode(app.csrf.tag(&drawn_for.tagged(browser, path)));
    match drawn_for {
        DrawnFor::Browser => tag,
        DrawnFor::SignIn(id) => format!("{tag}.{id}"),
    }
}

/// What a form was drawn for; refuses one whose token was not made for this browser and this path.
pub(super) fn drawn_for(app: &App, browser: &Browser, path: &str, params: &Params) -> Result<DrawnFor, PageError> {
    let read = |text: &str| {
        let (tag, drawn_for) = match text.split_once('.') {
            Some((tag, id)) => (tag, DrawnFor::SignIn(id.parse().ok()?)),
            None => (text, DrawnFor::Browser),
        };
        let tag = URL_SAFE_NO_PAD.decode(tag).ok().filter(|tag| tag.len() == 32)?;
        app.csrf.verify(&drawn_for.tagged(browser, path), &tag).then_some(drawn_for)
    };
    // A browser that was not known before this request was never shown a form.
    let found = params.get(FIELD).filter(|_| browser.known).and_then(read);
    found.ok_or_else(|| ProblemKind::StaleForm.into())
}

/// Refuses a form that the browser says another site posted. Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with our own
/// forms too (Fetch, "append a request `Origin` header"), so `null` says nothing, and `Sec-Fetch-Site` is what counts.
pub(super) fn check_origin(headers: &HeaderMap, issuer: &Issuer) -> Result<(), PageError> {
    let one = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = one("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let origin = one(header::ORIGIN.as_str()).is_none_or(|origin| origin == issuer.origin() || origin == "null");
    if site && origin { Ok(()) } else { Err(ProblemKind::StaleForm.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        check_origin(&headers, &Issuer::parse("https://id.example").unwrap()).is_ok()
    }

    #[test]
    fn only_our_own_pages_post() {
        assert!(allowed(&[]));
        assert!(allowed(&[("origin", "https://id.example"), ("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(!allowed(&[("origin", "https://evil.example")]));
        assert!(!allowed(&[("origin", "http://id.example")]));
        assert!(!allowed(&[("origin", "null"), ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]));
    }
}
