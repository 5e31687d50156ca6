//! `state`: RFC 6749 section 4.1.2, "The exact value received from the client."

use super::{AuthorizationRequest, CheckInput, request_object};
use crate::protocol::error::OAuthError;

/// The longest `state`, in bytes. A longer one is refused rather than cut.
const MAX_BYTES: usize = 2048;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let of_object = || request_object::delivery(input.params, "state");
    let state = of_object().or_else(|| input.params.get("state").map(str::to_owned));
    if state.as_ref().is_some_and(|state| state.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("state is longer than 2048 bytes"));
    }
    request.state = state;
    Ok(())
}
