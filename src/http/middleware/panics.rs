//! A defect ends one request, never the server.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::http::error::PageError;

/// Logs what a handler panicked with and answers 500.
pub(super) fn answer(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    PageError::internal(&format_args!("a handler panicked: {}", text.unwrap_or("no message"))).into_response()
}
