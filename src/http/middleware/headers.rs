//! The headers that every answer carries, and the content security policy of pages.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::http::page_policy::{FormAction, Nonce, OwnFrames, OwnWorkers, Popup};
use crate::protocol::issuer::Issuer;

/// Everything is refused that a page does not need: no frames (RFC 9700 section 4.16), no inline script or style, no plug-ins, no sensors.
static ALWAYS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];
static PAGES: [(HeaderName, &str); 3] = [
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];
/// Only on pages: on a redirect it would cut a popup off before its page can say that it is one.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// For what is no page but might be opened as one.
const NO_PAGE_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Adds the headers; those that a handler set itself stay.
pub(super) fn add(issuer: &Issuer, response: &mut Response) {
    let html =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let policy = if html { page_policy(response) } else { HeaderValue::from_static(NO_PAGE_POLICY) };
    let redirect = response.status().is_redirection();
    let popup = response.extensions().get::<Popup>().is_some();
    let headers = response.headers_mut();
    let page = html || redirect;
    // Room for what is added here and beside, so that the map grows once at most: a policy, HSTS, the id of the request and, of a page, its opener.
    headers.reserve(ALWAYS.len() + 3 + if page { PAGES.len() + 1 } else { 0 });
    set(headers, &ALWAYS);
    if page {
        set(headers, &PAGES);
    }
    if html {
        headers.entry(OPENER).or_insert(HeaderValue::from_static(if popup { "unsafe-none" } else { "same-origin" }));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    if issuer.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
}

fn set(headers: &mut HeaderMap, pairs: &[(HeaderName, &'static str)]) {
    for (name, value) in pairs {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// `img-src` allows https, as the logos of apps are theirs to host.
fn page_policy(response: &Response) -> HeaderValue {
    let nonce = response.extensions().get::<Nonce>();
    let script = nonce.map_or_else(|| "'none'".to_owned(), |nonce| format!("'nonce-{}'", nonce.as_str()));
    let action = response.extensions().get::<FormAction>().map(|action| format!(" {}", action.0)).unwrap_or_default();
    let frames = if response.extensions().get::<OwnFrames>().is_some() { " frame-src 'self';" } else { "" };
    let workers = if response.extensions().get::<OwnWorkers>().is_some() { " worker-src 'self';" } else { "" };
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src {script}; img-src 'self' https: data:; connect-src 'self';{frames}{workers} \
         form-action 'self'{action}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(NO_PAGE_POLICY))
}
