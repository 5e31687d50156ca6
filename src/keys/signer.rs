//! An active key, ready to sign: parsed, its headers encoded beforehand.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::json;

use super::pair::KeyPair;
use super::{KeyError, TokenType};
use crate::model::client::SigningAlgorithm;
use crate::support::id::KeyId;

/// The key that signs for one algorithm.
pub(super) struct Signer {
    pub(super) id: KeyId,
    pub(super) algorithm: SigningAlgorithm,
    pair: KeyPair,
    /// `base64url(header) "."` of each token type, in the order of [`TokenType::ALL`].
    headers: [String; 4],
}

impl Signer {
    pub(super) fn new(id: KeyId, algorithm: SigningAlgorithm, pair: KeyPair) -> Self {
        let headers = TokenType::ALL.map(|typ| {
            let header = json!({ "alg": algorithm.as_str(), "typ": typ.as_str(), "kid": id });
            URL_SAFE_NO_PAD.encode(header.to_string()) + "."
        });
        Self { id, algorithm, pair, headers }
    }

    /// A JWS in compact serialization: RFC 7515 section 3.1.
    pub(super) fn sign<C: Serialize>(&self, typ: TokenType, claims: &C) -> Result<String, KeyError> {
        let claims = serde_json::to_vec(claims)?;
        let header = &self.headers[typ as usize];
        let length = header.len() + encoded(claims.len()) + 1 + encoded(self.pair.signature_len());
        let mut token = String::with_capacity(length);
        token.push_str(header);
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.pair.sign(token.as_bytes(), |signature| URL_SAFE_NO_PAD.encode(signature))?;
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }
}

/// How many characters of base64url `bytes` bytes become.
const fn encoded(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}
