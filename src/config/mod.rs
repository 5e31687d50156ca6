//! What an operator can set: one file a section, each field documented where it is defined.
//!
//! Owns reading and checking it (`load`), and the commented example file, which is generated from these structs.
//! The rest of the house takes a section, never the environment.

use serde::{Deserialize, Serialize};

pub mod accounts;
pub mod database;
pub mod keys;
pub mod log;
pub mod network;
pub mod pages;
pub mod redis;
pub mod server;
pub mod sessions;
pub mod throttling;
pub mod tokens;

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where Haechi listens and what it is called from outside.
    pub server: server::Server,
    /// Where lasting state is.
    pub database: database::Database,
    /// Where passing state is; the database, unless this is set.
    pub redis: Option<redis::Redis>,
    /// Signing keys and the key that seals them.
    pub keys: keys::Keys,
    /// Codes and tokens.
    pub tokens: tokens::Tokens,
    /// Browser sessions.
    pub sessions: sessions::Sessions,
    /// Sign-up and passwords.
    pub accounts: accounts::Accounts,
    /// How guessing is slowed down.
    pub throttling: throttling::Throttling,
    /// Proxies in front, and calls to the outside.
    pub network: network::Network,
    /// What people see.
    pub pages: pages::Pages,
    /// What is logged.
    pub log: log::Log,
}
