//! What an operator can set: one file a section, each field documented where it is defined.
//!
//! Owns reading and checking it (`load`), and the commented example file, which is generated from these structs.
//! The rest of the house takes a section, never the environment.

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

pub mod accounts;
pub mod acr;
pub mod audit;
pub mod database;
pub mod example;
pub mod fields;
pub mod keys;
mod layers;
pub mod load;
pub mod log;
pub mod mail;
pub mod network;
pub mod origins;
pub mod pages;
pub mod passkeys;
pub mod passwords;
mod paths;
pub mod problems;
pub mod redis;
pub mod server;
pub mod sessions;
pub mod show;
pub mod throttling;
pub mod tokens;

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where Haechi listens and what it is called from outside.
    pub server: server::ServerConfig,
    /// Where lasting state is.
    pub database: database::DatabaseConfig,
    /// Where passing state is; the database, unless this is set.
    pub redis: Option<redis::RedisConfig>,
    /// Signing keys and the key that seals them.
    pub keys: keys::KeysConfig,
    /// Codes and tokens.
    pub tokens: tokens::TokensConfig,
    /// Browser sessions.
    pub sessions: sessions::SessionsConfig,
    /// Sign-up and passwords.
    pub accounts: accounts::AccountsConfig,
    /// How strongly people signed in, as apps ask for it and tokens say it.
    pub acr: acr::AcrConfig,
    /// Passwords that were stolen from other services.
    pub passwords: passwords::PasswordsConfig,
    /// How guessing is slowed down.
    pub throttling: throttling::ThrottlingConfig,
    /// How long the audit log is kept.
    pub audit: audit::AuditConfig,
    /// How mail is sent.
    pub mail: mail::MailConfig,
    /// Proxies in front, and calls to the outside.
    pub network: network::NetworkConfig,
    /// Passkeys.
    pub passkeys: passkeys::PasskeysConfig,
    /// What people see.
    pub pages: pages::PagesConfig,
    /// What is logged.
    pub log: log::LogConfig,
}

impl Config {
    /// Everything that is wrong with the values: the path of each field, and why.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut found = load::findings("server", |f| self.server.validate(f));
        found.extend(load::findings("database", |f| self.database.validate(f)));
        if let Some(redis) = &self.redis {
            found.extend(load::findings("redis", |f| redis.validate(f)));
        }
        found.extend(load::findings("keys", |f| self.keys.validate(f)));
        found.extend(load::findings("tokens", |f| self.tokens.validate(f)));
        found.extend(load::findings("sessions", |f| self.sessions.validate(f)));
        found.extend(load::findings("accounts", |f| self.accounts.validate(f)));
        found.extend(load::findings("acr", |f| self.acr.validate(f)));
        found.extend(load::findings("passwords", |f| self.passwords.validate(f)));
        found.extend(load::findings("throttling", |f| self.throttling.validate(f)));
        found.extend(load::findings("audit", |f| self.audit.validate(f)));
        found.extend(load::findings("mail", |f| self.mail.validate(f)));
        found.extend(load::findings("network", |f| self.network.validate(f)));
        found.extend(load::findings("passkeys", |f| self.passkeys.validate(f)));
        found.extend(load::findings("pages", |f| self.pages.validate(f)));
        found.extend(load::findings("log", |f| self.log.validate(f)));
        found
    }
}
