//! The bounds that a client's JWK Set (RFC 7517 section 5) is held to when it is registered or fetched.

use serde_json::{Map, Value};

use super::compact::LONGEST_KEY_ID;
use super::jwk::{NotAPublicKey, PublicKey};

/// How many keys a registered set may have.
const MOST_KEYS: usize = 20;

/// Why a JWK Set is refused. The number is the key's place in the set, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksRejected {
    /// No object with an array `keys` of objects.
    #[error("not a JWK Set")]
    NotASet,
    /// No key at all.
    #[error("the JWK Set is empty")]
    Empty,
    /// More keys than any client needs.
    #[error("more than {} keys", MOST_KEYS)]
    TooMany,
    /// A key has a member that must not leave its owner. It is to be replaced: it is known now.
    #[error("key {0} contains private members")]
    Private(usize),
    /// A key type or curve that signs nothing here, a symmetric key among them.
    #[error("key {0} is of a type that is not supported")]
    Kind(usize),
    /// Coordinates of a wrong length, RSA outside 2048 to 4096 bits, an exponent other than 65537, or text that is no base64url.
    #[error("key {0} is malformed or outside the permitted sizes")]
    Bounds(usize),
    /// RFC 7517 section 4.7: `x5c` "MUST match the public key represented by other members of the JWK".
    #[error("the certificate of key {0} is for another key")]
    Certificate(usize),
    /// A `kid` that is no string or too long.
    #[error("key {0} has an unusable kid")]
    KeyId(usize),
    /// RFC 7517 section 4.5: "different keys within the JWK Set SHOULD use distinct "kid" values".
    #[error("key {0} repeats a kid")]
    DuplicateKeyId(usize),
}

impl JwksRejected {
    /// The most keys that a set may have.
    pub const MOST_KEYS: usize = MOST_KEYS;
}

/// Holds the JWK Set of a client to its bounds: at most [`MOST_KEYS`] keys, all public, of types that sign here, of sane
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
