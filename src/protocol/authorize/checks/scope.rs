//! `scope`: RFC 6749 section 3.3. A scope that the client may not ask for is refused rather than dropped, so that an app
//! learns of its mistake at once; the standard scopes of OpenID Connect are ignored where they were not registered
//! (OpenID Connect Core 1.0 section 3.1.2.1: "Scope values used that are not understood by an implementation SHOULD be ignored").

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::{ScopeSet, standard};

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let requested = match input.params.get("scope") {
        Some(text) => ScopeSet::parse(text)?,
        // RFC 6749 section 3.3: a pre-defined default where the parameter is omitted; the scopes that are not about end-users.
        None => input.client.scopes.filtered(|scope| !standard::ALL.contains(&scope)),
    };
    let allowed = |scope: &str| input.client.scopes.contains(scope);
    if requested.iter().any(|scope| !allowed(scope) && (scope == standard::OPENID || !standard::ALL.contains(&scope))) {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "the client may not ask for one of the scopes"));
    }
    request.scope = requested.filtered(allowed);
    Ok(())
}
