//! What an administrator sees of a connection that was tried out.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::Frame;
use super::message::{self, Action};
use super::upstream::start::{Way, link};
use crate::http::error::PageError;
use crate::upstream::{Returned, UpstreamFailed};

/// The return of a test.
#[allow(clippy::unused_async, reason = "what would come of a login is looked up")]
pub(super) async fn tested(
    context: &Context,
    outcome: Result<Returned, UpstreamFailed>,
) -> Result<Response, PageError> {
    let (slug, text) = match outcome {
        Ok(returned) => {
            (returned.connection.slug.to_string(), serde_json::to_string(&returned.answers).unwrap_or_default())
        }
        Err(failed) => {
            let slug = failed.connection.map(|connection| connection.slug.to_string()).unwrap_or_default();
            (slug, failed.reason.to_string())
        }
    };
    let again = Action { href: link(context, &slug, Way::Test), label: "Test".to_owned() };
    let frame = Frame::of(context, context.locale.0);
    Ok(message::show(StatusCode::OK, "upstream-test", ("Test".to_owned(), text), Some(again), frame))
}
