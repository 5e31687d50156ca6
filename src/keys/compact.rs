//! A JWS in compact serialization, taken apart: RFC 7515 section 7.1. Nothing in it is believed yet.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{TokenRejected, strict_json};
use crate::model::client::SigningAlgorithm;

/// Longer than any token we sign or should have to read.
const LONGEST_TOKEN: usize = 16 * 1024;

/// `kid` is a name to look up in a map, and nothing else.
pub(super) const LONGEST_KEY_ID: usize = 128;

/// The parts of a token.
#[derive(Debug)]
pub(super) struct Compact<'a, A = SigningAlgorithm> {
    /// `alg`, one that we know; never `none`, and symmetric only where `A` has such.
    pub(super) algorithm: A,
    /// The id of the signing key (`kid`), where the header names one.
    pub(super) key_id: Option<String>,
    /// The type that the header names (`typ`): RFC 8725 section 3.11.
    pub(super) typ: Option<String>,
    /// What the signature is over: header and payload as they came.
    pub(super) signed: &'a str,
    payload: &'a str,
    /// The signature as it came.
    pub(super) signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a token apart. Five parts (a JWE, RFC 7516) are refused like any other number but three.
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenRejected> {
        Self::parse_as(token, SigningAlgorithm::parse)
    }
}

impl<'a, A> Compact<'a, A> {
    /// The same, for algorithms that `known` knows.
    pub(super) fn parse_as(token: &'a str, known: fn(&str) -> Option<A>) -> Result<Self, TokenRejected> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenRejected::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRejected::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRejected::Malformed)?;
        if payload.contains('.') {
            return Err(TokenRejected::Malformed);
        }
        let header = strict_json::object(&decode(header)?)?;
        refuse_extensions(&header)?;
        let algorithm = header.get("alg").and_then(Value::as_str).ok_or(TokenRejected::Algorithm)?;
        let algorithm = known(algorithm).ok_or(TokenRejected::Algorithm)?;
        let key_id = text(&header, "kid")?;
        if key_id.as_ref().is_some_and(|kid| kid.chars().count() > LONGEST_KEY_ID) {
            return Err(TokenRejected::UnknownKey);
        }
        Ok(Self { algorithm, key_id, typ: text(&header, "typ")?, signed, payload, signature })
    }

    /// The claims. Call it once the signature is verified.
    pub(super) fn claims<C: DeserializeOwned>(&self) -> Result<C, TokenRejected> {
        let json = decode(self.payload)?;
        strict_json::check(&json)?;
        serde_json::from_slice(&json).map_err(|_| TokenRejected::Claims)
    }
}

/// RFC 7515 section 4.1.11: "If any of the listed extension Header Parameters are not understood and supported by the
/// recipient, then the JWS is invalid". None is understood, an empty list is invalid too, and `b64` (RFC 7797) counts only as
/// an extension. `enc` belongs to a JWE. `jku`, `jwk`, `x5u` and `x5c` are never looked at.
fn refuse_extensions(header: &Map<String, Value>) -> Result<(), TokenRejected> {
    if header.contains_key("crit") || header.contains_key("b64") {
        return Err(TokenRejected::Critical);
    }
    if header.contains_key("enc") {
        return Err(TokenRejected::Malformed);
    }
    Ok(())
}

/// A header parameter that is a string where it is present.
fn text(header: &Map<String, Value>, name: &str) -> Result<Option<String>, TokenRejected> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TokenRejected::Malformed),
    }
}

/// base64url without padding, of which every value has exactly one spelling (RFC 7515 section 2).
fn decode(part: &str) -> Result<Vec<u8>, TokenRejected> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenRejected::Malformed)
}
