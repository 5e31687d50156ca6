//! `resource`: RFC 8707 section 2. `invalid_target` is for a resource that is "invalid, missing, unknown, or malformed".

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::resource::Resource;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let resources = Resource::parse_all(input.params.all("resource"))?;
    if resources.iter().any(|resource| !input.client.resources.contains(resource)) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "the client may not ask tokens for one of the resources",
        ));
    }
    request.resources = resources;
    Ok(())
}
