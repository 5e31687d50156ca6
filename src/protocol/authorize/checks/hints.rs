//! `id_token_hint` and `login_hint`: OpenID Connect Core 1.0 section 3.1.2.1; and `haechi_idp`, the connection to sign in through.

use super::{AuthorizationRequest, CheckInput, MAX_TEXT_BYTES};
use crate::protocol::error::OAuthError;

pub(super) fn check(input: &CheckInput<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if input.params.get("id_token_hint").is_some() && input.hinted_subject.is_none() {
        return Err(OAuthError::invalid_request("id_token_hint is not an ID token of this issuer for this client"));
    }
    let login_hint = input.params.get("login_hint");
    if login_hint.is_some_and(|hint| hint.len() > MAX_TEXT_BYTES) {
        return Err(OAuthError::invalid_request("login_hint is too long"));
    }
    request.hinted_subject = input.hinted_subject.map(str::to_owned);
    // It only fills a form in, so what could not be an address or a name is not worth an error.
    request.login_hint =
        login_hint.filter(|hint| hint.len() <= 254 && !hint.contains(char::is_control)).map(str::to_owned);
    // Likewise: a connection that does not exist leaves the choice to the end-user.
    request.connection_hint = input.params.get("haechi_idp").filter(|hint| hint.len() <= 40).map(str::to_owned);
    Ok(())
}
