//! Attacks, by class. A test's name begins with the id of its case.

mod admin;
mod authorize;
mod between;
mod client_authentication;
mod code_redemption;
mod defects;
mod ends;
mod enumeration;
mod gone;
mod growth;
mod jwks;
mod jwt;
mod logs;
mod matrix;
mod mix_up;
mod open_redirect;
mod other_server;
mod race;
mod redirect_uri;
mod refresh_token;
mod routes;
mod session;
mod store;
mod token_substitution;
mod two_sign_ins;
mod web;
