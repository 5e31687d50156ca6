//! Tokens and keys of others: client assertions and upstream ID tokens, verified by their owner's JWK Set.
//!
//! The set is the caller's: chosen by who the token is said to be from, never by what its header says. Nothing here fetches.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::TokenRejected;
use super::backend::hmac;
use super::compact::Compact;
use super::jwk::PublicKey;
use crate::model::client::SigningAlgorithm;
use crate::model::connection::UpstreamAlgorithm;
use crate::support::Secret;

pub use super::jwks::check_jwks;

/// The shortest secret that HS256 may use, in bytes.
const SHORTEST_MAC_KEY: usize = 32;

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
    check_type(&token)?;
    let key = pick(jwks, &token, token.algorithm)?;
    key.verify(token.algorithm, token.signed, token.signature)?;
    token.claims()
}

/// Which token of an upstream provider it is: what its `typ` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ID token: OpenID Connect Core 1.0 section 2.
    IdToken,
    /// A logout token: OpenID Connect Back-Channel Logout 1.0 section 2.4 recommends `logout+jwt`.
    LogoutToken,
}

fn is_logout_type(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "logout+jwt"
}

/// The claims of an upstream provider's token, and what it was signed with.
#[derive(Debug)]
pub struct UpstreamToken {
    /// The claims, which the caller has to check.
    pub claims: Map<String, Value>,
    /// The algorithm of its signature.
    pub algorithm: UpstreamAlgorithm,
}

/// Verifies a token of an upstream provider by its JWK Set or, where the token is tagged with HS256, by our secret there.
///
/// What `allowed` says decides which of the two is used, so that a public key is never taken for a secret (RFC 8725 section 2.1).
pub fn verify_upstream(
    kind: Kind,
    token: &str,
    jwks: &Value,
    (secret, allowed): (&Secret<String>, &[UpstreamAlgorithm]),
) -> Result<UpstreamToken, TokenRejected> {
    let token = Compact::parse_as(token, UpstreamAlgorithm::parse)?;
    let algorithm = token.algorithm;
    if !allowed.contains(&algorithm) {
        return Err(TokenRejected::Algorithm);
    }
    let own_type = kind == Kind::LogoutToken && token.typ.as_deref().is_some_and(is_logout_type);
    if !own_type {
        check_type(&token)?;
    }
    match asymmetric(algorithm) {
        Some(signing) => pick(jwks, &token, signing)?.verify(signing, token.signed, token.signature)?,
        None => check_mac(secret, &token)?,
    }
    Ok(UpstreamToken { claims: token.claims()?, algorithm })
}

const fn asymmetric(algorithm: UpstreamAlgorithm) -> Option<SigningAlgorithm> {
    Some(match algorithm {
        UpstreamAlgorithm::ES256 => SigningAlgorithm::ES256,
        UpstreamAlgorithm::ES384 => SigningAlgorithm::ES384,
        UpstreamAlgorithm::EdDSA => SigningAlgorithm::EdDSA,
        UpstreamAlgorithm::RS256 => SigningAlgorithm::RS256,
        UpstreamAlgorithm::PS256 => SigningAlgorithm::PS256,
        UpstreamAlgorithm::HS256 => return None,
    })
}

/// OpenID Connect Core 1.0 section 10.1: "the octets of the UTF-8 representation of the `client_secret` value are used as the key".
fn check_mac<A>(secret: &Secret<String>, token: &Compact<'_, A>) -> Result<(), TokenRejected> {
    // RFC 7518 section 3.2: "A key of the same size as the hash output [...] or larger MUST be used".
    if secret.expose().len() < SHORTEST_MAC_KEY {
        return Err(TokenRejected::UnknownKey);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let tag = URL_SAFE_NO_PAD.decode(token.signature).map_err(|_| TokenRejected::Malformed)?;
    hmac::verify(&key, token.signed.as_bytes(), &tag).map_err(|_| TokenRejected::Signature)
}

fn check_type<A>(token: &Compact<'_, A>) -> Result<(), TokenRejected> {
    if token.typ.as_deref().is_some_and(|typ| !is_general(typ)) { Err(TokenRejected::Type) } else { Ok(()) }
}

fn is_general(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

/// The one key of the set that answers to the token's header.
fn pick<A>(jwks: &Value, token: &Compact<'_, A>, algorithm: SigningAlgorithm) -> Result<PublicKey, TokenRejected> {
    let keys = jwks.get("keys").and_then(Value::as_array).ok_or(TokenRejected::UnknownKey)?;
    let mut suitable = keys
        .iter()
        .filter_map(Value::as_object)
        .filter(|jwk| token.key_id.is_none() || jwk.get("kid").and_then(Value::as_str) == token.key_id.as_deref())
        .filter(|jwk| is_for_verifying(jwk, algorithm))
        .filter_map(|jwk| PublicKey::from_jwk(jwk).ok())
        .filter(|key| key.suits(algorithm));
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
