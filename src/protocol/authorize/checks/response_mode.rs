//! `response_mode`: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1.

use super::{CheckInput, Draft};
use crate::protocol::error::OAuthError;
use crate::protocol::response_mode::ResponseMode;

pub(super) fn check(input: &CheckInput<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    if let Some(text) = input.params.get("response_mode") {
        draft.response_mode = ResponseMode::parse(text)?;
    }
    Ok(())
}
