//! How much a caller may still ask for, in the headers of each answer: the IETF's draft "`RateLimit` header fields for HTTP".

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use crate::identity::throttling::Allowance;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The name of the one policy that there is.
const NAME: &str = "calls";

/// Says it: the quota `q` in a window of `w` seconds, of which `r` remain until, in `t` seconds, the next one begins.
pub(super) fn put(response: &mut Response, allowance: &Allowance) {
    let Allowance { limit, left, window, resets_in } = allowance;
    let policy = format!("\"{NAME}\";q={limit};w={}", window.as_secs());
    let state = format!("\"{NAME}\";r={};t={}", left.unwrap_or(0), resets_in.as_secs());
    for (name, text) in [(POLICY, policy), (LIMIT, state)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
}
