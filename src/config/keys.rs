//! `[keys]`

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::client::SigningAlgorithm;

/// Signing keys and the key that seals them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// The folder with the key-encryption key (`key-encryption.key`, 32 random bytes in base64). It is made at the first start
    /// unless `key_encryption_key` is set. Without it no stored key or session can be read: keep a copy.
    pub folder: PathBuf,
    /// The key-encryption key itself, 32 bytes in base64, where it comes from the environment (`HAECHI_KEYS__KEY_ENCRYPTION_KEY`).
    /// Every node needs the same one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_encryption_key: Option<String>,
    /// The algorithms to hold a key for. RS256 must be among them: OpenID Connect requires it.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Days that a key signs before the next one takes over.
    pub rotation_days: u32,
    /// Seconds that verifiers may cache the JWKS (`Cache-Control: max-age`). A key is published for at least this long, and a
    /// margin, before it signs.
    pub jwks_max_age_seconds: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("keys"),
            key_encryption_key: None,
            algorithms: SigningAlgorithm::ALL.to_vec(),
            rotation_days: 30,
            jwks_max_age_seconds: 600,
        }
    }
}
