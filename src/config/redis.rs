//! `[redis]`

use serde::{Deserialize, Serialize};

/// Where passing state is: sessions, logins under way, throttling counters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Redis {
    /// `redis://[:password@]host:port/db`, or `rediss://` for TLS.
    pub url: String,
    /// What every key begins with, so that several servers can share one Redis.
    pub key_prefix: String,
    /// Milliseconds that one operation may take.
    pub operation_timeout_ms: u64,
}

impl Default for Redis {
    fn default() -> Self {
        Self { url: "redis://127.0.0.1:6379/0".to_owned(), key_prefix: "haechi:".to_owned(), operation_timeout_ms: 200 }
    }
}
