//! Haechi: an OAuth 2 and OpenID Connect provider.

pub mod config;
pub mod model;
pub mod protocol;
pub mod store;
pub mod support;
