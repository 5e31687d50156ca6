//! `scope`: RFC 6749 section 3.3. What is not known, or not for this client, is ignored, and the token response says what was granted:
//! OpenID Connect Core 1.0 section 3.1.2.1, "Scope values used that are not understood by an implementation SHOULD be ignored"; RFC 6749
//! section 3.3, "The authorization server MAY fully or partially ignore the scope requested by the client".

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::{ScopeSet, standard};

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let registered = input.client.scopes;
    request.scope = match input.params.get("scope") {
        Some(text) => grantable(&ScopeSet::parse(text)?, registered)?,
        // RFC 6749 section 3.3: a pre-defined default where the parameter is omitted; the scopes that are not about end-users.
        None => registered.filtered(|scope| !standard::ALL.contains(&scope)),
    };
    Ok(())
}

/// The part of what was asked for that the client is registered for.
fn grantable(requested: &ScopeSet, registered: &ScopeSet) -> Result<ScopeSet, OAuthError> {
    // It is what makes the request one of OpenID Connect, whose answer must bring an ID token (OpenID Connect Core 1.0 section 3.1.3.3).
    // Ignored, the client would wait for it in vain.
    if requested.contains(standard::OPENID) && !registered.contains(standard::OPENID) {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "the client is not registered for the scope openid"));
    }
    requested.within(registered)
}
