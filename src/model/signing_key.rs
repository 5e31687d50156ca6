//! A signing key as it is stored: its private part sealed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::client::SigningAlgorithm;
use crate::support::Timestamp;
use crate::support::id::KeyId;

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, so that verifiers learn it, and not yet used.
    Next,
    /// Signs, and is published.
    Active,
    /// Signs no more; published until the last token it signed has expired.
    Retiring,
    /// Signs no more and is published no more. Only the public part is left, for as long as a session can live that an ID token by it names.
    Retired,
}

impl KeyState {
    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
        }
    }
}

/// A stored signing key.
#[derive(Clone, Debug, PartialEq)]
pub struct SigningKeyRecord {
    /// The `kid`: RFC 7517 section 4.5.
    pub id: KeyId,
    /// The one algorithm it is used with (RFC 8725 section 3.1).
    pub algorithm: SigningAlgorithm,
    /// Where it is in its life.
    pub state: KeyState,
    /// The public key as a JWK (RFC 7517), without `kid`, `use` and `alg`.
    pub public_jwk: serde_json::Value,
    /// The private key (PKCS#8 DER), sealed under the key-encryption key; of a retired key, the public one.
    pub sealed: Vec<u8>,
    /// When it was made, and published.
    pub created_at: Timestamp,
    /// When it began to sign.
    pub activated_at: Option<Timestamp>,
    /// When it stopped signing.
    pub retired_at: Option<Timestamp>,
}
