//! `max_age`: OpenID Connect Core 1.0 section 3.1.2.1, "Maximum Authentication Age [...] in seconds".

use std::time::Duration;

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.max_age = match input.params.get("max_age") {
        Some(text) => Some(parse(text)?),
        None => input.client.default_max_age,
    };
    Ok(())
}

/// Digits only, and no more than a number of seconds needs.
fn parse(text: &str) -> Result<Duration, OAuthError> {
    let digits = text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .map(Duration::from_secs)
        .ok_or(OAuthError::invalid_request("max_age must be a number of seconds"))
}
