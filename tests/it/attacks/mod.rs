//! Attacks, by class. A test's name begins with the id of its case.

mod jwks;
mod jwt;
