//! Attacks, by class. A test's name begins with the id of its case.

mod admin;
mod authorize;
mod client_authentication;
mod code_redemption;
mod enumeration;
mod jwks;
mod jwt;
mod mix_up;
mod open_redirect;
mod race;
mod redirect_uri;
mod refresh_token;
mod session;
mod store;
mod token_substitution;
mod web;
