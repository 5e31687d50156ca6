//! `[redis]`

use std::path::PathBuf;
use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// Where passing state is: sessions, logins under way, throttling counters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct RedisConfig {
    /// `redis://[:password@]host:port/db`, or `rediss://` for TLS.
    pub url: String,
    /// PEM file with the authorities that may vouch for a `rediss://` server, instead of the public ones.
    pub authorities: Option<PathBuf>,
    /// What every key begins with, so that several servers can share one Redis.
    pub key_prefix: String,
    /// Milliseconds that one operation may take.
    pub operation_timeout_ms: u64,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            url: "redis://127.0.0.1:6379/0".to_owned(),
            authorities: None,
            key_prefix: "haechi:".to_owned(),
            operation_timeout_ms: 200,
        }
    }
}

impl RedisConfig {
    /// The longest that one operation may take: `operation_timeout_ms`.
    pub fn operation_timeout(&self) -> Duration {
        Duration::from_millis(self.operation_timeout_ms)
    }

    /// Checks the URL's kind, the prefix and the range.
    pub(super) fn validate(&self, found: &mut Findings) {
        if !self.url.starts_with("redis://") && !self.url.starts_with("rediss://") {
            found.wrong("url", "must begin with redis:// or rediss://");
        }
        // Braces would change which keys lie together in a cluster.
        if self.key_prefix.len() > 100
            || !self.key_prefix.bytes().all(|b| b.is_ascii_graphic() && b != b'{' && b != b'}')
        {
            found.wrong("key_prefix", "must be at most 100 printable ASCII characters without spaces and braces");
        }
        found.range("operation_timeout_ms", &self.operation_timeout_ms, &1, &60_000);
    }
}
