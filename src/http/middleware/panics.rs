//! A defect ends one request, never the server.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::http::api::problem::ApiProblem;
use crate::http::error::{ApiError, PageError};
use crate::http::refuse::Form;

/// Logs what a handler panicked with and answers 500, in the form that the request asks for.
pub(super) fn answer(panic: &(dyn Any + Send), form: Form) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let cause = format!("a handler panicked: {}", text.unwrap_or("no message"));
    match form {
        Form::Page => PageError::internal(&cause).into_response(),
        Form::OAuth => ApiError::internal(&cause).into_response(),
        Form::Problem => ApiProblem::internal(&cause).into_response(),
    }
}
