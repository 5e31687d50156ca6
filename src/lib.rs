//! Haechi: an OAuth 2 and OpenID Connect provider.

pub mod admin;
pub mod app;
pub mod audit_chain;
pub mod cli;
pub mod client_auth;
pub mod clients;
pub mod config;
pub mod demo;
pub mod flow;
pub mod grants;
pub mod http;
pub mod i18n;
pub mod identity;
pub mod keys;
pub mod logging;
pub mod model;
pub mod outgoing;
pub mod protocol;
pub mod refusals;
pub mod remote_keys;
pub mod sealed;
pub mod sessions;
pub mod store;
pub mod support;
pub mod tokens;
pub mod upstream;
