//! `resource`: RFC 8707 section 2. `invalid_target` is for a resource that is "invalid, missing, unknown, or malformed".

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::resource::Resource;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    const NOT_FOR_THE_CLIENT: OAuthError =
        OAuthError::new(ErrorCode::InvalidTarget, "the client may not ask tokens for one of the resources");
    let requested = Resource::requested(input.params)?;
    request.resources = Resource::granted(&requested, input.client.resources).ok_or(NOT_FOR_THE_CLIENT)?;
    Ok(())
}
