//! `response_type`: RFC 6749 section 4.1.1, "REQUIRED. Value MUST be set to "code"."

use super::{CheckInput, Draft};
use crate::protocol::error::OAuthError;
use crate::protocol::response_type::ResponseType;

pub(super) fn check(input: &CheckInput<'_>, _draft: &mut Draft) -> Result<(), OAuthError> {
    ResponseType::parse(input.params.required("response_type")?).map(|_| ())
}
