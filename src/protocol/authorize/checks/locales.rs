//! `ui_locales` and `claims_locales`: OpenID Connect Core 1.0 sections 3.1.2.1 and 5.2. "An error SHOULD NOT result if some or
//! all of the requested locales are not supported".

use super::{AuthorizationRequest, CheckInput, words};
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.ui_locales = tags(words(input.params, "ui_locales")?);
    request.claims_locales = tags(words(input.params, "claims_locales")?);
    Ok(())
}

/// Those that look like BCP 47 tags; the rest can match nothing.
fn tags(words: Vec<String>) -> Vec<String> {
    let is_tag = |w: &String| w.len() <= 35 && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    words.into_iter().filter(is_tag).collect()
}
