//! What pages of end-users look like with what is not saved, for an administrator who decides it.
//!
//! Owns how they are shown. Each is the page itself, with its own template; it is looked at and does nothing: its policy lets no script run, no form be
//! sent and no link lead anywhere, and only pages of ours may have it in a frame. Leaves what is asked for to the console.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::account::overview;
use super::admin::Administrator;
use super::admin::policy::preview::{Asked, Page};
use super::context::Context;
use super::{answers, consent, login, message, signup};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;

/// `sandbox` without `allow-scripts` and `allow-forms` (HTML section 7.1.5); of our own origin, or our style sheet would not be read.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; \
     sandbox allow-same-origin",
);

/// `GET /admin/branding/preview`
pub async fn get(
    context: Context,
    administrator: Administrator,
    headers: HeaderMap,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let Asked { page, frame, user } = match Asked::of(&context, administrator, (&headers, &params)).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut response = match page {
        Page::Login => login::sample(frame),
        Page::SignUp => signup::sample(&context, frame).await?,
        Page::Consent => consent::sample(frame, &user),
        Page::Account => overview::sample(&context, frame).await?,
        Page::Error => answers::sample(frame),
        Page::SignedOut => message::sample(&context.app, frame),
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
