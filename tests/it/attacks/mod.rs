//! Attacks, by class. A test's name begins with the id of its case.

mod admin;
mod client_authentication;
mod code_redemption;
mod enumeration;
mod jwks;
mod jwt;
mod race;
mod refresh_token;
mod store;
mod token_substitution;
