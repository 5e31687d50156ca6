//! `[tokens]`

use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// Codes and tokens, where a client does not say otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct TokensConfig {
    /// Seconds that an authorization code lives.
    pub code_seconds: u64,
    /// Seconds within which a client that lost an answer may refresh again with the refresh token it still has.
    pub refresh_retry_seconds: u64,
}

impl Default for TokensConfig {
    fn default() -> Self {
        Self { code_seconds: 60, refresh_retry_seconds: 30 }
    }
}

impl TokensConfig {
    /// The lifetime of an authorization code: `code_seconds`.
    pub fn code(&self) -> Duration {
        Duration::from_secs(self.code_seconds)
    }

    /// How long a replaced refresh token may be sent again: `refresh_retry_seconds`.
    pub fn refresh_retry(&self) -> Duration {
        Duration::from_secs(self.refresh_retry_seconds)
    }

    /// Checks the ranges. RFC 6749 section 4.1.2: "A maximum authorization code lifetime of 10 minutes is RECOMMENDED."
    pub(super) fn validate(&self, found: &mut Findings) {
        found.range("code_seconds", &self.code_seconds, &10, &600);
        found.range("refresh_retry_seconds", &self.refresh_retry_seconds, &0, &300);
    }
}
