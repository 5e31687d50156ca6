//! `response_mode`: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;
use crate::protocol::response_mode::ResponseMode;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if let Some(text) = input.params.get("response_mode") {
        request.response_mode = ResponseMode::parse(text)?;
    }
    Ok(())
}
