//! `nonce`: OpenID Connect Core 1.0 section 3.1.2.1, "passed through unmodified". Whether an authentication request needs one is for the
//! client's policy: that section makes it optional, and only an ID token can carry it.

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;

/// The longest `nonce`, in bytes. A longer one is refused rather than cut.
const MAX_BYTES: usize = 512;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let nonce = input.params.get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("nonce is longer than 512 bytes"));
    }
    if nonce.is_none() && input.client.nonce_required && request.is_openid() {
        return Err(OAuthError::invalid_request("nonce is required of this client"));
    }
    request.nonce = nonce.map(str::to_owned);
    Ok(())
}
