//! `offline_access`: OpenID Connect Core 1.0 section 11. "The Authorization Server MUST ignore the `offline_access` request" where a client
//! may not have refresh tokens.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;
use crate::protocol::scope::standard;

#[allow(clippy::unnecessary_wraps, reason = "the shape of every rule")]
pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if !input.client.may_refresh {
        request.scope = request.scope.filtered(|scope| scope != standard::OFFLINE_ACCESS);
    }
    Ok(())
}
