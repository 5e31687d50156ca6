//! The origins of clients' redirect URIs, each with whose it is, for browsers that ask without naming a client (CORS).
//!
//! `origins_version` is the version of the client that its origins are of. A client of which it is another one was written before this step, or by a node that does not know
//! of it: there are few of them, in an index of their own, and their documents are looked at. The store writes the origins down that are missing as it is brought up to date.

crate::dialect::step!(
    "m0034_client_origins",
    up: &[
        "CREATE TABLE client_origins (
            origin TEXT NOT NULL,
            client_id TEXT NOT NULL,
            PRIMARY KEY (origin, client_id)
        ) {clustered}",
        "CREATE INDEX client_origins_client ON client_origins (client_id)",
        "ALTER TABLE clients ADD COLUMN origins_version BIGINT NOT NULL DEFAULT -1",
        "CREATE INDEX clients_without_origins ON clients (id) WHERE origins_version <> version",
    ],
    down: &[
        "DROP INDEX clients_without_origins",
        "ALTER TABLE clients DROP COLUMN origins_version",
        "DROP TABLE client_origins",
    ]
);
