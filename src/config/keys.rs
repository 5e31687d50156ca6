//! `[keys]`

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;
use crate::model::client::SigningAlgorithm;

/// Signing keys and the key that seals them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct KeysConfig {
    /// The folder with the key-encryption key (`key-encryption.key`, 32 random bytes in base64). It is made at the first start
    /// unless `key_encryption_key` is set. Without it no stored key or session can be read: keep a copy.
    pub folder: PathBuf,
    /// The key-encryption key itself, 32 bytes in base64, where it comes from the environment (`HAECHI_KEYS__KEY_ENCRYPTION_KEY`).
    /// Every node needs the same one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_encryption_key: Option<String>,
    /// The algorithms to hold a key for. RS256 must be among them: OpenID Connect requires it.
    pub algorithms: Vec<SigningAlgorithm>,
    /// The algorithms to hold a key for once a client is registered with one, or a key of one is imported. Until then neither the JWKS nor the metadata
    /// names them, as there are libraries that cannot read a JWKS with a key of EdDSA in it.
    pub on_request: Vec<SigningAlgorithm>,
    /// Days that a key signs before the next one takes over.
    pub rotation_days: u32,
    /// Seconds that verifiers may cache the JWKS (`Cache-Control: max-age`). A key is published for at least this long, and a
    /// margin, before it signs.
    pub jwks_max_age_seconds: u64,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("keys"),
            key_encryption_key: None,
            algorithms: vec![
                SigningAlgorithm::ES256,
                SigningAlgorithm::RS256,
                SigningAlgorithm::PS256,
                SigningAlgorithm::ES384,
            ],
            on_request: vec![SigningAlgorithm::EdDSA],
            rotation_days: 30,
            jwks_max_age_seconds: 600,
        }
    }
}

impl KeysConfig {
    /// How long a key signs: `rotation_days`.
    pub fn rotation(&self) -> Duration {
        Duration::from_hours(24) * self.rotation_days
    }

    /// The algorithms that a client may be registered with: those that a key is held for, and those that one is made for then.
    pub fn offered(&self) -> Vec<SigningAlgorithm> {
        let more = self.on_request.iter().filter(|algorithm| !self.algorithms.contains(algorithm));
        self.algorithms.iter().chain(more).copied().collect()
    }

    /// How long verifiers may cache the JWKS: `jwks_max_age_seconds`.
    pub fn jwks_max_age(&self) -> Duration {
        Duration::from_secs(self.jwks_max_age_seconds)
    }

    /// Checks the algorithms, the ranges, and the form of the key-encryption key.
    pub(super) fn validate(&self, found: &mut Findings) {
        // OpenID Connect Core 1.0 section 15.1: "OPs MUST support signing ID Tokens with the RSA SHA-256 algorithm".
        if !self.algorithms.contains(&SigningAlgorithm::RS256) {
            found.wrong("algorithms", "must contain RS256, which OpenID Connect requires");
        }
        if (1..self.algorithms.len()).any(|at| self.algorithms[..at].contains(&self.algorithms[at])) {
            found.wrong("algorithms", "must not name an algorithm twice");
        }
        found.range("rotation_days", &self.rotation_days, &1, &3650);
        found.range("jwks_max_age_seconds", &self.jwks_max_age_seconds, &10, &(12 * 3600));
        if self.key_encryption_key.as_deref().is_some_and(|text| !is_32_bytes(text)) {
            found.wrong("key_encryption_key", "must be 32 random bytes in base64: openssl rand -base64 32");
        }
        if self.folder.as_os_str().is_empty() {
            found.wrong("folder", "must not be empty");
        }
    }
}

/// In either alphabet of base64, with or without padding: as `openssl`, `head -c 32 /dev/urandom | base64` and operators write it.
fn is_32_bytes(text: &str) -> bool {
    let text = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}
