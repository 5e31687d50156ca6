//! `response_mode`: OAuth 2.0 Multiple Response Type Encoding Practices section 2.1.

use super::{Draft, Subject};
use crate::protocol::error::OAuthError;
use crate::protocol::response_mode::ResponseMode;

pub(super) fn check(subject: &Subject<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    if let Some(text) = subject.params.get("response_mode") {
        draft.response_mode = ResponseMode::parse(text)?;
    }
    Ok(())
}
