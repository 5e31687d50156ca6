//! RFC 6749: The OAuth 2.0 Authorization Framework.

mod authorization;
mod token_endpoint;
