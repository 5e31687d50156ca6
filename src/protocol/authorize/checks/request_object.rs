//! Request objects are not understood, and saying so beats ignoring them: OpenID Connect Core 1.0 sections 6 and 3.1.2.6.
//!
//! How the refusal travels is still the request's to say, and a client that puts its parameters into the object says it there: [`delivery`]. Nothing
//! else of an object is used. It decides nothing, so it need not be verified: who sends it could have written the same into the query, and the
//! redirect URI, which is registered, comes from there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{AuthorizationRequest, CheckInput};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;

pub(super) fn check(input: &CheckInput<'_>, _request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let refused = [
        ("request", ErrorCode::RequestNotSupported, "request objects are not supported"),
        ("request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported"),
        ("registration", ErrorCode::RegistrationNotSupported, "the registration parameter is not supported"),
    ];
    match refused.into_iter().find(|(name, ..)| input.params.get(name).is_some()) {
        Some((_, code, description)) => Err(OAuthError::new(code, description)),
        None => Ok(()),
    }
}

/// The text of `name` in the request object, where there is one that can be read: for what says how an answer travels. Section 6.1: its values
/// "supersede those passed using the OAuth 2.0 request syntax". What no parameter could be, as it holds a NUL, is not one here either.
pub(super) fn delivery(params: &Params, name: &str) -> Option<String> {
    match claims_of(params.get("request")?)?.get_mut(name)?.take() {
        Value::String(text) if !text.is_empty() && !text.contains('\0') => Some(text),
        _ => None,
    }
}

/// The claims of a JWS in compact serialization, signed or not (RFC 7515 section 7.1); an encrypted object has other parts.
fn claims_of(object: &str) -> Option<Value> {
    let mut parts = object.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
