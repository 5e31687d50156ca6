//! `resource`: RFC 8707 section 2. `invalid_target` is for a resource that is "invalid, missing, unknown, or malformed".

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::resource::Resource;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    const NOT_FOR_THE_CLIENT: OAuthError =
        OAuthError::new(ErrorCode::InvalidTarget, "the client may not ask tokens for one of the resources");
    let registered = input.client.resources;
    let requested = Resource::requested(input.params)?;
    request.resources = match (requested.as_slice(), registered) {
        // "it should process the request with no specific resource or by using a predefined default resource value": there is one to choose.
        ([], [only]) => vec![only.clone()],
        (asked, _) => {
            let found: Option<Vec<Resource>> = asked.iter().map(|one| one.among(registered).cloned()).collect();
            found.ok_or(NOT_FOR_THE_CLIENT)?
        }
    };
    Ok(())
}
