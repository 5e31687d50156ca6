//! The vocabulary of OAuth 2 and OpenID Connect, and its pure rules.
//!
//! Owns what the specifications define: parameters, errors, scopes, redirect URIs, PKCE, prompts, claims requests, metadata.
//! Nothing here does I/O, waits, or reads a clock. Leaves who the parties are to `model`.

pub mod authorize;
pub mod claims;
pub mod confirmation;
pub mod discovery;
pub mod error;
pub mod grant_type;
pub mod issuer;
pub mod own_api;
pub mod params;
pub mod pkce;
pub mod prompt;
pub mod redirect_uri;
pub mod resource;
pub mod response_mode;
pub mod response_type;
pub mod scope;

pub use error::{ErrorCode, OAuthError};
pub use params::Params;
pub use scope::ScopeSet;
