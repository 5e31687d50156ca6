//! `claims`: OpenID Connect Core 1.0 section 5.5.

use super::{CheckInput, Draft};
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    draft.claims = input.params.get("claims").map(ClaimsRequest::parse).transpose()?.unwrap_or_default();
    Ok(())
}
