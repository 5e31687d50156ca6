//! `nonce`: OpenID Connect Core 1.0 section 3.1.2.1, "passed through unmodified".

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;

/// The longest `nonce`, in bytes. A longer one is refused rather than cut.
const MAX_BYTES: usize = 512;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let nonce = input.params.get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("nonce is longer than 512 bytes"));
    }
    request.nonce = nonce.map(str::to_owned);
    Ok(())
}
