//! `response_type`: RFC 6749 section 4.1.1, "REQUIRED. Value MUST be set to "code"."

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;
use crate::protocol::response_type::ResponseType;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.response_type = ResponseType::parse(input.params.required("response_type")?)?;
    Ok(())
}
