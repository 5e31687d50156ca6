//! Attacks, by class. A test's name begins with the id of its case.

mod admin;
mod enumeration;
mod jwks;
mod jwt;
mod race;
