//! A defect ends one request, never the server.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::http::error::{ApiError, PageError};

/// Logs what a handler panicked with and answers 500: a page for a user, JSON for an app.
pub(super) fn answer(panic: &(dyn Any + Send), to_a_person: bool) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let cause = format!("a handler panicked: {}", text.unwrap_or("no message"));
    if to_a_person { PageError::internal(&cause).into_response() } else { ApiError::internal(&cause).into_response() }
}
