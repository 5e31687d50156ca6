//! The schema of Haechi, one file a step.
//!
//! Owns how tables and indexes look on SQLite and on PostgreSQL. Leaves when to apply them, and keeping nodes that start together
//! apart, to the store.
//!
//! A step that was released never changes: what comes after it is another step. Nodes of the release before go on working while
//! a step is applied, so a step adds, and what it replaces is dropped by a step of a later release.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod dialect;
mod m0001_server;
mod m0002_users;
mod m0003_clients;
mod m0004_grants;
mod m0005_spent_values;
mod m0006_signing_keys;
mod m0007_audit;
mod m0008_records;
mod m0009_upstream;
mod m0010_epochs;
mod m0011_tickets;
mod m0012_server_identity;
mod m0013_ends;
mod m0014_gone;
mod m0015_refusals;
mod m0016_seen_logins;
mod m0017_refusal_kinds;
mod m0018_audit_chain;
mod m0019_counts;
mod m0020_attributes;
mod m0021_policy;
mod m0022_webhooks;
mod m0023_affiliations;
mod m0024_apis;
mod m0025_claim_rules;
mod m0026_search;
mod m0027_mail;
mod m0028_factors;
mod m0029_passkeys;
mod m0030_passkey_policy;
mod m0031_mailed_codes;
mod m0034_client_origins;
mod m0035_proofs;
mod m0036_delegations;
mod m0037_logos;
mod m0038_consents_by_client;
mod m0039_passkey_hardware;
mod m0040_client_delegations;
mod m0041_client_order;

/// The step since which a database says whose it is.
pub const SERVER_IDENTITY: &str = "m0012_server_identity";

/// Applies the steps, and takes them back.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_server::Migration),
            Box::new(m0002_users::Migration),
            Box::new(m0003_clients::Migration),
            Box::new(m0004_grants::Migration),
            Box::new(m0005_spent_values::Migration),
            Box::new(m0006_signing_keys::Migration),
            Box::new(m0007_audit::Migration),
            Box::new(m0008_records::Migration),
            Box::new(m0009_upstream::Migration),
            Box::new(m0010_epochs::Migration),
            Box::new(m0011_tickets::Migration),
            Box::new(m0012_server_identity::Migration),
            Box::new(m0013_ends::Migration),
            Box::new(m0014_gone::Migration),
            Box::new(m0015_refusals::Migration),
            Box::new(m0016_seen_logins::Migration),
            Box::new(m0017_refusal_kinds::Migration),
            Box::new(m0018_audit_chain::Migration),
            Box::new(m0019_counts::Migration),
            Box::new(m0020_attributes::Migration),
            Box::new(m0021_policy::Migration),
            Box::new(m0022_webhooks::Migration),
            Box::new(m0023_affiliations::Migration),
            Box::new(m0024_apis::Migration),
            Box::new(m0025_claim_rules::Migration),
            Box::new(m0026_search::Migration),
            Box::new(m0027_mail::Migration),
            Box::new(m0028_factors::Migration),
            Box::new(m0029_passkeys::Migration),
            Box::new(m0030_passkey_policy::Migration),
            Box::new(m0031_mailed_codes::Migration),
            Box::new(m0034_client_origins::Migration),
            Box::new(m0035_proofs::Migration),
            Box::new(m0036_delegations::Migration),
            Box::new(m0037_logos::Migration),
            Box::new(m0038_consents_by_client::Migration),
            Box::new(m0039_passkey_hardware::Migration),
            Box::new(m0040_client_delegations::Migration),
            Box::new(m0041_client_order::Migration),
        ]
    }
}

impl Migrator {
    /// The names of all steps, in order.
    pub fn names() -> Vec<String> {
        Self::migrations().iter().map(|step| step.name().to_owned()).collect()
    }
}
