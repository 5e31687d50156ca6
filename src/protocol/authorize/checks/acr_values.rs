//! `acr_values`: OpenID Connect Core 1.0 section 3.1.2.1, "in order of preference".

use super::{AuthorizationRequest, CheckInput, words};
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.acr_values = words(input.params, "acr_values")?;
    Ok(())
}
