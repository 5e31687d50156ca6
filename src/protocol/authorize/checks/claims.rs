//! `claims`: OpenID Connect Core 1.0 section 5.5.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.claims = input.params.get("claims").map(ClaimsRequest::parse).transpose()?.unwrap_or_default();
    Ok(())
}
