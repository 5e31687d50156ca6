//! The command line, run for real.

mod affiliations;
mod apis;
mod audit;
mod begin;
mod bench;
mod branding;
mod claim;
mod claim_rules;
mod clients;
mod config;
mod connections;
mod declared;
mod demo;
mod doctor;
mod dumps;
mod help;
mod irreversible;
mod issuer;
mod json;
mod keys;
mod limits;
mod logs;
mod mail;
mod managers;
mod migrate;
mod overview;
mod passkeys;
mod passwords;
mod relations;
mod remote;
mod serve;
mod sessions;
mod sign_in;
mod tls;
mod users;
mod webhooks;

/// A password that the rules accept.
const PASSWORD: &str = "tall bridge over quiet water";
