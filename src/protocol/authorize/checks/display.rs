//! `display`: OpenID Connect Core 1.0 section 3.1.2.1.

use super::{Draft, Subject};
use crate::protocol::error::OAuthError;
use crate::protocol::prompt::Display;

pub(super) fn check(subject: &Subject<'_>, draft: &mut Draft) -> Result<(), OAuthError> {
    draft.display = subject.params.get("display").map(Display::parse).transpose()?.unwrap_or_default();
    Ok(())
}
