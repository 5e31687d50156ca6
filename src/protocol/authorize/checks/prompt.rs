//! `prompt`: OpenID Connect Core 1.0 section 3.1.2.1.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;
use crate::protocol::prompt::Prompt;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.prompt = input.params.get("prompt").map(Prompt::parse).transpose()?.unwrap_or_default();
    Ok(())
}
