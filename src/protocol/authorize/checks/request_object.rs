//! Request objects are not understood, and saying so beats ignoring them: OpenID Connect Core 1.0 sections 6 and 3.1.2.6.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};

pub(super) fn check(input: &CheckInput<'_>, _request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let refused = [
        ("request", ErrorCode::RequestNotSupported, "request objects are not supported"),
        ("request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported"),
        ("registration", ErrorCode::RegistrationNotSupported, "the registration parameter is not supported"),
    ];
    match refused.into_iter().find(|(name, ..)| input.params.get(name).is_some()) {
        Some((_, code, description)) => Err(OAuthError::new(code, description)),
        None => Ok(()),
    }
}
