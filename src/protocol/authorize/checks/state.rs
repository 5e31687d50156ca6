//! `state`: RFC 6749 section 4.1.2, "The exact value received from the client."

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;

/// The longest `state`, in bytes. A longer one is refused rather than cut.
const MAX_BYTES: usize = 2048;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let state = input.params.get("state");
    if state.is_some_and(|state| state.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("state is longer than 2048 bytes"));
    }
    request.state = state.map(str::to_owned);
    Ok(())
}
