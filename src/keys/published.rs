//! The JWKS document as it is served: its bytes, made once for each state of the ring.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::support::Digest;

/// The public keys of the ring: RFC 7517 section 5.
#[derive(Clone, Debug)]
pub struct PublishedKeys {
    /// The JWK Set as it is sent, `application/jwk-set+json`.
    pub body: Bytes,
    /// Its strong entity tag, quoted: RFC 9110 section 8.8.3.
    pub etag: String,
    /// How long it may be cached. Zero while the first keys are still being made: what is cached then would lack some.
    pub max_age: Duration,
}

impl PublishedKeys {
    /// Publishes every key of the ring that is not retired, those that sign first: some verifiers try the first key before they read on.
    pub(super) fn new(records: &[SigningKeyRecord], max_age: Duration) -> Self {
        let mut records: Vec<_> = records.iter().filter(|record| record.state != KeyState::Retired).collect();
        records.sort_by_key(|record| (rank(record.state), place(record.algorithm), record.id));
        let keys: Vec<Value> = records.into_iter().map(public_jwk).collect();
        let body = Bytes::from(json!({ "keys": keys }).to_string());
        let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Digest::sha256(&body).as_bytes()[..18]));
        Self { body, etag, max_age }
    }
}

/// The members of one key. Named one by one, so that nothing else a record might hold can get out.
fn public_jwk(record: &SigningKeyRecord) -> Value {
    let mut jwk = json!({ "kid": record.id, "use": "sig", "alg": record.algorithm.as_str() });
    for name in ["kty", "crv", "x", "y", "n", "e"] {
        if let Some(value) = record.public_jwk.get(name) {
            jwk[name] = value.clone();
        }
    }
    jwk
}

const fn rank(state: KeyState) -> u8 {
    match state {
        KeyState::Active => 0,
        KeyState::Next => 1,
        KeyState::Retiring => 2,
        KeyState::Retired => 3,
    }
}

fn place(algorithm: SigningAlgorithm) -> usize {
    SigningAlgorithm::ALL.iter().position(|known| *known == algorithm).unwrap_or(usize::MAX)
}
