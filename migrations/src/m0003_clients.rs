//! Clients, and what people agreed to for them.

crate::dialect::step!(
    "m0003_clients",
    up: &[
        "CREATE TABLE clients (
            id TEXT NOT NULL PRIMARY KEY,
            enabled BOOLEAN NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        )",
        "CREATE TABLE consents (
            user_id {bytes} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
            scope TEXT NOT NULL,
            granted_at BIGINT NOT NULL,
            PRIMARY KEY (user_id, client_id)
        ) {clustered}",
        "CREATE INDEX consents_client_id ON consents (client_id)",
    ],
    down: &["DROP TABLE consents", "DROP TABLE clients"]
);
