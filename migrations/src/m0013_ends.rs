//! Ends that hold whatever hangs on them: what is deleted leaves its row, a withdrawn consent its count, and a link has an id.
//!
//! A deleted client or connection keeps its row, switched off, so that ending what hangs on it is one row and its epoch goes on when a client
//! of the same id is registered again. `born_epoch` is the epoch that the present registration began with: consents from before it are of
//! another client. `withdrawals` counts how often an end-user withdrew what a client had. `endings` lists what may have left dead rows
//! behind, for housekeeping.

crate::dialect::step!(
    "m0013_ends",
    up: &[
        "ALTER TABLE clients ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE clients ADD COLUMN born_epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE consents ADD COLUMN client_epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE connections ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE upstream_links ADD COLUMN id {bytes}",
        "UPDATE upstream_links SET id = {random_id}",
        "CREATE UNIQUE INDEX upstream_links_id ON upstream_links (id)",
        "ALTER TABLE grants ADD COLUMN consent_epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grants ADD COLUMN link_id {bytes}",
        "CREATE INDEX grants_connection ON grants (connection_id) WHERE connection_id IS NOT NULL",
        "CREATE TABLE withdrawals (
            user_id {bytes} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            client_id TEXT NOT NULL,
            epoch BIGINT NOT NULL,
            PRIMARY KEY (user_id, client_id)
        ) {clustered}",
        "CREATE INDEX withdrawals_client_id ON withdrawals (client_id)",
        "CREATE TABLE endings (
            kind TEXT NOT NULL,
            key {bytes} NOT NULL,
            PRIMARY KEY (kind, key)
        ) {clustered}",
    ],
    down: &[
        "DROP TABLE endings",
        "DROP TABLE withdrawals",
        "DROP INDEX grants_connection",
        "ALTER TABLE grants DROP COLUMN link_id",
        "ALTER TABLE grants DROP COLUMN consent_epoch",
        "DROP INDEX upstream_links_id",
        "ALTER TABLE upstream_links DROP COLUMN id",
        "ALTER TABLE connections DROP COLUMN deleted",
        "ALTER TABLE consents DROP COLUMN client_epoch",
        "ALTER TABLE clients DROP COLUMN born_epoch",
        "ALTER TABLE clients DROP COLUMN deleted",
    ]
);
