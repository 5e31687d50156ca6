//! `response_mode`: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1.

use super::{AuthorizationRequest, CheckInput, request_object};
use crate::protocol::error::OAuthError;
use crate::protocol::response_mode::ResponseMode;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    // One that cannot be understood in an object is passed over: the object itself is what is refused.
    let of_object = request_object::delivery(input.params, "response_mode");
    if let Some(mode) = of_object.and_then(|text| ResponseMode::parse(&text).ok()) {
        request.response_mode = mode;
    } else if let Some(text) = input.params.get("response_mode") {
        request.response_mode = ResponseMode::parse(text)?;
    }
    Ok(())
}
