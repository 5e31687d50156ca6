//! Somebody else's tokens and keys: client assertions and upstream ID tokens, verified by their owner's JWK Set.
//!
//! The set is the caller's: chosen by who the token is said to be from, never by what its header says. Nothing here fetches.

use serde_json::{Map, Value};

use super::TokenRejected;
use super::compact::{Compact, LONGEST_KEY_ID};
use super::jwk::{JwksRejected, NotAPublicKey, PublicKey};
use crate::model::client::SigningAlgorithm;

/// How many keys a registered set may have.
pub const MOST_KEYS: usize = 20;

/// The types that a token for us may name: none at all, the general one, or that of a client assertion. A token that says it is
/// something else (an access token, a logout token) is not taken for one of these: RFC 8725 section 3.11.
const TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];

/// Verifies the signature of a JWT by a JWK Set and gives back its claims, which the caller has to check.
///
/// The header's `alg` must be one of `allowed` and fit the key. The key is the one that `kid` names or, without a `kid`, the only
/// one that suits the algorithm.
pub fn verify(token: &str, jwks: &Value, allowed: &[SigningAlgorithm]) -> Result<Map<String, Value>, TokenRejected> {
    let token = Compact::parse(token)?;
    if !allowed.contains(&token.algorithm) {
        return Err(TokenRejected::Algorithm);
    }
    if token.typ.as_deref().is_some_and(|typ| !is_general(typ)) {
        return Err(TokenRejected::Type);
    }
    let key = pick(jwks, &token)?;
    key.verify(token.algorithm, token.signed, token.signature)?;
    token.claims()
}

fn is_general(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

/// The one key of the set that answers to the token's header.
fn pick(jwks: &Value, token: &Compact<'_>) -> Result<PublicKey, TokenRejected> {
    let keys = jwks.get("keys").and_then(Value::as_array).ok_or(TokenRejected::UnknownKey)?;
    let mut suitable = keys
        .iter()
        .filter_map(Value::as_object)
        .filter(|jwk| token.key_id.is_none() || jwk.get("kid").and_then(Value::as_str) == token.key_id.as_deref())
        .filter(|jwk| is_for_verifying(jwk, token.algorithm))
        .filter_map(|jwk| PublicKey::from_jwk(jwk).ok())
        .filter(|key| key.suits(token.algorithm));
    match (suitable.next(), suitable.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(TokenRejected::UnknownKey),
    }
}

/// RFC 7517 sections 4.2 to 4.4: what `use`, `key_ops` and `alg`, where present, say about the key is kept to.
fn is_for_verifying(jwk: &Map<String, Value>, algorithm: SigningAlgorithm) -> bool {
    let says = |name: &str, wanted: &str| jwk.get(name).is_none_or(|value| value.as_str() == Some(wanted));
    let operations = jwk.get("key_ops").is_none_or(|operations| {
        operations.as_array().is_some_and(|all| all.iter().any(|operation| operation.as_str() == Some("verify")))
    });
    says("use", "sig") && says("alg", algorithm.as_str()) && operations
}

/// Holds a JWK Set that somebody registers to its bounds: at most [`MOST_KEYS`] keys, all public, of types that sign here, of sane
/// sizes, with distinct ids. Keys for encrypting (`use: enc`) are let be if they are public.
pub fn check_jwks(jwks: &Value) -> Result<(), JwksRejected> {
    let keys = jwks.get("keys").and_then(Value::as_array).ok_or(JwksRejected::NotASet)?;
    if keys.is_empty() {
        return Err(JwksRejected::Empty);
    }
    if keys.len() > MOST_KEYS {
        return Err(JwksRejected::TooMany);
    }
    let mut ids = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let jwk = key.as_object().ok_or(JwksRejected::NotASet)?;
        check_key(place, jwk)?;
        match jwk.get("kid") {
            None => {}
            Some(Value::String(kid)) if (1..=LONGEST_KEY_ID).contains(&kid.chars().count()) => {
                if ids.contains(&kid) {
                    return Err(JwksRejected::DuplicateKeyId(place));
                }
                ids.push(kid);
            }
            Some(_) => return Err(JwksRejected::KeyId(place)),
        }
    }
    Ok(())
}

fn check_key(place: usize, jwk: &Map<String, Value>) -> Result<(), JwksRejected> {
    let encrypts = jwk.get("use").and_then(Value::as_str) == Some("enc");
    let symmetric = jwk.get("kty").and_then(Value::as_str) == Some("oct");
    match PublicKey::from_jwk(jwk) {
        Ok(key) if key.fits_certificate(jwk) => Ok(()),
        Ok(_) => Err(JwksRejected::Certificate(place)),
        Err(NotAPublicKey::Kind) if encrypts && !symmetric => Ok(()),
        Err(NotAPublicKey::Kind) => Err(JwksRejected::Kind(place)),
        Err(NotAPublicKey::Private) => Err(JwksRejected::Private(place)),
        Err(NotAPublicKey::Bounds) => Err(JwksRejected::Bounds(place)),
    }
}
