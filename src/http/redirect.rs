//! Redirects: always 303, so that a form with a password is never sent on (RFC 9700 section 4.12).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::error::PageError;
use super::problem::ProblemKind;
use crate::flow::FlowRejected;
use crate::protocol::Params;

/// The longest URL that a posted request is turned into; proxies and browsers take this much.
const MAX_URL_BYTES: usize = 8 * 1024;

/// To a URL that was checked: one of our own paths, or a redirect target.
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(cause) => PageError::internal(&cause).into_response(),
    }
}

/// To one of our own paths, with parameters.
pub fn local_with(path: &str, pairs: &[(&str, &str)]) -> Result<Response, PageError> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let url = format!("{path}?{query}");
    if url.len() > MAX_URL_BYTES { Err(ProblemKind::TooLarge.into()) } else { Ok(see_other(&url)) }
}

/// To one of our own paths, with the parameters of a form.
pub(super) fn again_by_get(path: &str, params: &Params) -> Result<Response, PageError> {
    local_with(path, &params.iter().collect::<Vec<_>>())
}

/// What a page's form answers once it recorded what the user did: 303 to the dispatcher, which also knows what to say when the login
/// ended meanwhile, in a page that may be reloaded.
pub(super) fn to_dispatcher(
    app: &AppState,
    flow: &str,
    recorded: Result<(), FlowRejected>,
) -> Result<Response, PageError> {
    match recorded {
        Ok(()) | Err(FlowRejected::Gone | FlowRejected::OtherBrowser | FlowRejected::Client) => {
            local_with(&app.issuer.local("/continue"), &[("flow", flow)])
        }
        Err(FlowRejected::Store(error)) => Err(error.into()),
    }
}

/// A value inside a query.
pub(super) fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
