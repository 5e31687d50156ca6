//! A token taken apart for users to look at, its signature verified with the server's published keys: what a service does
//! that is given an access token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey;
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use serde_json::Value;

/// A token taken apart.
pub(super) struct Shown {
    /// Its three parts as they were sent.
    pub(super) parts: [String; 3],
    /// Its head, as JSON.
    pub(super) header: String,
    /// What it says, as JSON.
    pub(super) claims: String,
    /// The key that verified it; `None` where none did.
    pub(super) verified_by: Option<String>,
    /// What it was signed with.
    pub(super) algorithm: String,
}

/// Takes a signed token apart; `None` for a text that is none.
pub(super) fn show(token: &str, keys: &CoreJsonWebKeySet) -> Option<Shown> {
    let parts: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    let header = part(parts[0])?;
    let claims = part(parts[1])?;
    let algorithm = header.get("alg")?.as_str()?.to_owned();
    let kid = header.get("kid").and_then(Value::as_str).unwrap_or_default();
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).ok()?;
    let signed = token.rsplit_once('.')?.0;
    let verified = keys
        .keys()
        .iter()
        .filter(|key| key.key_id().is_some_and(|id| id.as_str() == kid))
        .zip(named(&algorithm))
        .any(|(key, algorithm)| key.verify_signature(&algorithm, signed.as_bytes(), &signature).is_ok());
    Some(Shown {
        parts: parts.map(str::to_owned),
        header: serde_json::to_string_pretty(&header).ok()?,
        claims: serde_json::to_string_pretty(&claims).ok()?,
        verified_by: verified.then(|| kid.to_owned()),
        algorithm,
    })
}

fn part(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// The library's name of an algorithm.
pub(super) fn named(algorithm: &str) -> Option<CoreJwsSigningAlgorithm> {
    serde_json::from_value(Value::from(algorithm)).ok()
}
