//! Requests that no handler has seen: in which form they are refused.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::api::{self, problem::ApiProblem};
use super::error::{ApiError, PageError};
use super::problem::ProblemKind;
use super::refused::reason_of;
use crate::model::Refusal;
use crate::protocol::OAuthError;

/// Whether the answer is to be a page, by what is accepted.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepts.any(|value| value.contains("text/html"))
}

/// In which form a request that no handler has seen is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A page, for a person.
    Page,
    /// The JSON of OAuth, for an app.
    OAuth,
    /// Problem details, for a program that administers.
    Problem,
}

impl Form {
    /// The API's paths say it; elsewhere, what is accepted.
    pub(super) fn of(app: &AppState, request: &Request) -> Self {
        if api::is_below(app, request.uri().path()) {
            return Self::Problem;
        }
        if accepts_pages(request.headers()) { Self::Page } else { Self::OAuth }
    }
}

/// Refuses a request that no handler has seen.
pub(super) fn refuse(kind: ProblemKind, form: Form) -> Response {
    match form {
        Form::Page => return PageError::new(kind).into_response(),
        Form::Problem => return ApiProblem::of_kind(kind).into_response(),
        Form::OAuth => {}
    }
    let description = match kind {
        ProblemKind::NotFound => "there is nothing here",
        ProblemKind::MethodNotAllowed => "the endpoint is not used with this method",
        _ => "the request is malformed",
    };
    let error = ApiError::new(OAuthError::invalid_request(description)).with_status(kind.status());
    match reason_of(kind) {
        Some(reason) => error.refusing(Refusal::new(reason)).into_response(),
        None => error.into_response(),
    }
}
