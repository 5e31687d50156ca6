//! Forms that only our own pages can post.
//!
//! Three walls: cookies are `SameSite=Lax`, the browser says that the post comes from here, and the form carries a token that is bound
//! to this browser and to this form's path. The token is checked last and alone would do.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::browser::Browser;
use super::error::PageError;
use super::problem::ProblemKind;
use crate::app::App;
use crate::protocol::Params;
use crate::protocol::issuer::Issuer;

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// The value of the hidden field of a form that posts to `path`, one of our own paths without the issuer's.
pub fn token(app: &App, browser: &Browser, path: &str) -> String {
    URL_SAFE_NO_PAD.encode(app.csrf.tag(&[browser.secret.bytes(), path.as_bytes()]))
}

/// Both checks, for a form that was read already.
pub(super) fn check(
    app: &App,
    headers: &HeaderMap,
    browser: &Browser,
    path: &str,
    params: &Params,
) -> Result<(), PageError> {
    check_origin(headers, &app.issuer)?;
    check_token(app, browser, path, params)
}

/// Refuses a form whose token was not made for this browser and this path.
pub(super) fn check_token(app: &App, browser: &Browser, path: &str, params: &Params) -> Result<(), PageError> {
    let tag = params.get(FIELD).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).unwrap_or_default();
    // A browser that was not known before this request was never shown a form.
    if browser.known && tag.len() == 32 && app.csrf.verify(&[browser.secret.bytes(), path.as_bytes()], &tag) {
        Ok(())
    } else {
        Err(ProblemKind::StaleForm.into())
    }
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
