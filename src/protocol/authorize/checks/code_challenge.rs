//! `code_challenge`: RFC 9700 section 2.1.1, "Authorization servers MUST support PKCE". Whether a request needs one is for the client's policy;
//! one that was sent is read, and binds, whatever that says.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;
use crate::protocol::pkce::CodeChallenge;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let method = input.params.get("code_challenge_method");
    request.code_challenge = match input.params.get("code_challenge") {
        Some(challenge) => Some(CodeChallenge::parse(challenge, method)?),
        None if input.client.pkce_required || method.is_some() => {
            // RFC 7636 section 4.4.1: "the authorization endpoint MUST return the authorization error response with the
            // "error" value set to "invalid_request""
            return Err(OAuthError::invalid_request("code_challenge is required (PKCE with S256)"));
        }
        None => None,
    };
    Ok(())
}
