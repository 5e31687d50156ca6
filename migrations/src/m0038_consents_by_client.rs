//! Who consented to a client, in the order of the accounts: an administrator reads that page by page.

crate::dialect::step!(
    "m0038_consents_by_client",
    up: &["CREATE INDEX consents_client_user ON consents (client_id, user_id)", "DROP INDEX consents_client_id"],
    down: &["CREATE INDEX consents_client_id ON consents (client_id)", "DROP INDEX consents_client_user"]
);
