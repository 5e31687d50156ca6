//! `[database]`

use serde::{Deserialize, Serialize};

/// Where lasting state is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:PATH` for one node, or `postgres://user:password@host/name` for any number of them.
    pub url: String,
    /// Whether a start brings the schema up to date. Several nodes may start at once.
    pub migrate_on_start: bool,
    /// The most connections of the pool.
    pub max_connections: u32,
    /// Milliseconds to wait for a connection before answering 503.
    pub acquire_timeout_ms: u64,
    /// Milliseconds that one statement may take.
    pub statement_timeout_ms: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite:haechi.db".to_owned(),
            migrate_on_start: true,
            max_connections: 8,
            acquire_timeout_ms: 1000,
            statement_timeout_ms: 2000,
        }
    }
}
