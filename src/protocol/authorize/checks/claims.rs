//! `claims`: OpenID Connect Core 1.0 section 5.5. Claims whose scope the client is not registered for are dropped, as such scopes are.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let asked = input.params.get("claims").map(ClaimsRequest::parse).transpose()?.unwrap_or_default();
    request.claims = asked.within(input.client.scopes);
    Ok(())
}
