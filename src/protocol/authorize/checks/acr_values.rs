//! `acr_values`: OpenID Connect Core 1.0 section 3.1.2.1, "in order of preference".

use super::{CheckInput, Draft, words};
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    draft.acr_values = words(input.params, "acr_values")?;
    Ok(())
}
