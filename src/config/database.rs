//! `[database]`

use std::path::PathBuf;
use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// For how long a connection to PostgreSQL is ours; the words are PgBouncer's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolMode {
    /// As long as it lasts: the database itself, or a pooler with a connection for each client.
    #[default]
    Session,
    /// A transaction: a pooler lends connections.
    Transaction,
}

/// Where lasting state is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` for one node, or `postgres://user:password@host/name` for any number of them. PostgreSQL on another machine must speak TLS
    /// and prove its name; `?sslrootcert=FILE` names an authority of your own, `?sslmode=disable` does without.
    pub url: String,
    /// How connections reach PostgreSQL: `session`, where they are Haechi's for as long as they last, or `transaction`, where a pooler lends
    /// one for each transaction (PgBouncer's `pool_mode=transaction`, and what works alike at clouds). The second sets its limits in each transaction
    /// and keeps no prepared statements, which costs round trips.
    pub pool_mode: PoolMode,
    /// Whether a start brings the schema up to date. Several nodes may start at once.
    pub migrate_on_start: bool,
    /// The most connections of the pool.
    pub max_connections: u32,
    /// Connections beside the pool that look up what tokens and sessions rest on, each for everybody who waits at that moment. More help where storage
    /// or the network is slow, and cost a busy database where it is not.
    pub lookup_connections: u32,
    /// Connections beside the pool on which PostgreSQL commits what concurrent requests write. More help where a commit takes milliseconds. SQLite
    /// has one.
    pub commit_connections: u32,
    /// Milliseconds to wait for a connection before answering 503.
    pub acquire_timeout_ms: u64,
    /// Milliseconds that one statement may take.
    pub statement_timeout_ms: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite:haechi.db".to_owned(),
            pool_mode: PoolMode::Session,
            migrate_on_start: true,
            max_connections: 8,
            lookup_connections: 2,
            commit_connections: 2,
            acquire_timeout_ms: 1000,
            statement_timeout_ms: 2000,
        }
    }
}

impl DatabaseConfig {
    /// How long a request waits for a connection: `acquire_timeout_ms`.
    pub fn acquire_timeout(&self) -> Duration {
        Duration::from_millis(self.acquire_timeout_ms)
    }

    /// The longest that one statement may take: `statement_timeout_ms`.
    pub fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms)
    }

    /// How long a statement waits for what another has locked: a part of [`Self::acquire_timeout`], so that one that queues up behind such
    /// a statement is answered soon too.
    pub fn lock_timeout(&self) -> Duration {
        self.acquire_timeout() * 2 / 5
    }

    /// How many connections to PostgreSQL a node holds at most.
    pub fn connections(&self) -> u32 {
        self.max_connections + self.lookup_connections + self.commit_connections
    }

    /// Whether the database is a file of SQLite's.
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// Checks the URL's kind and the ranges.
    pub(super) fn validate(&self, found: &mut Findings) {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| self.url.len() > scheme.len() && self.url.starts_with(scheme)) {
            found.wrong("url", "must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME");
        }
        if self.url.starts_with("sqlite:") && (self.url.contains(":memory:") || self.url.contains("mode=memory")) {
            found.wrong("url", "must name a file, as in sqlite:haechi.db: what is in memory is gone with a restart");
        }
        if self.pool_mode == PoolMode::Transaction && self.is_sqlite() {
            found.wrong("pool_mode", "is for PostgreSQL: SQLite has no pooler");
        }
        found.range("max_connections", &self.max_connections, &1, &1000);
        found.range("lookup_connections", &self.lookup_connections, &1, &32);
        found.range("commit_connections", &self.commit_connections, &1, &32);
        found.range("acquire_timeout_ms", &self.acquire_timeout_ms, &1, &60_000);
        found.range("statement_timeout_ms", &self.statement_timeout_ms, &1, &600_000);
    }
}
