//! Which service accounts manage one app, or the people in one group, without a role.
//!
//! The same as `delegations`, where a client holds it: the rows are all that there is to say of it, and are read with the client, in one statement.

crate::dialect::step!(
    "m0040_client_delegations",
    up: &[
        "CREATE TABLE client_delegations (
            kind TEXT NOT NULL,
            object_id TEXT NOT NULL,
            client_id TEXT NOT NULL,
            PRIMARY KEY (kind, object_id, client_id)
        ) {clustered}",
        "CREATE INDEX client_delegations_client ON client_delegations (client_id)",
    ],
    down: &["DROP TABLE client_delegations"]
);
