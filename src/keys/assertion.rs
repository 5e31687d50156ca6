//! A private key that a provider gave us to authenticate with there: RFC 7523 section 3.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::json;

use super::import;
use super::pair::KeyPair;
use super::{ImportRejected, KeyError};
use crate::model::client::SigningAlgorithm;
use crate::support::Secret;

/// Signs assertions about ourselves. It is no key of the ring: it is not published, not rotated, and signs no token of ours.
pub struct AssertionKey {
    pair: KeyPair,
    /// The encoded header with the dot behind it, which every signing input begins with.
    header: String,
}

impl std::fmt::Debug for AssertionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AssertionKey")
    }
}

impl AssertionKey {
    /// Reads a PEM file with PKCS#8 inside; `id` is what the other side calls the key.
    pub fn from_pem(algorithm: SigningAlgorithm, id: &str, pem: &Secret<String>) -> Result<Self, ImportRejected> {
        let document = import::read(algorithm, pem.expose())?;
        let pair = KeyPair::from_pkcs8(algorithm, document.as_bytes()).ok_or(ImportRejected::Unsuited(algorithm))?;
        let header = json!({ "alg": algorithm.as_str(), "kid": id, "typ": "JWT" });
        Ok(Self { pair, header: URL_SAFE_NO_PAD.encode(header.to_string()) + "." })
    }

    /// A JWS in compact serialization over these claims. Its bearer is taken for us, so it is a secret.
    pub fn sign<C: Serialize>(&self, claims: &C) -> Result<Secret<String>, KeyError> {
        let mut token = self.header.clone();
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let signature = self.pair.sign(token.as_bytes(), |signature| URL_SAFE_NO_PAD.encode(signature))?;
        token.push('.');
        token.push_str(&signature);
        Ok(Secret::new(token))
    }
}
