//! `[tokens]`

use serde::{Deserialize, Serialize};

/// Codes and tokens, where a client does not say otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tokens {
    /// Seconds that an authorization code lives.
    pub code_seconds: u64,
    /// Seconds within which a client that lost an answer may refresh again with the refresh token it still has.
    pub refresh_retry_seconds: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { code_seconds: 60, refresh_retry_seconds: 30 }
    }
}
