//! Connections to upstream providers, and who is who there.
//!
//! A link's key is what the provider calls the person; `user_id` finds the links of an account.

crate::dialect::step!(
    "m0009_upstream",
    up: &[
        "CREATE TABLE connections (
            id {bytes} NOT NULL PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            enabled BOOLEAN NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        )",
        "CREATE TABLE upstream_links (
            connection_id {bytes} NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
            subject TEXT NOT NULL,
            user_id {bytes} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            label TEXT NOT NULL,
            tokens {bytes},
            linked_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            PRIMARY KEY (connection_id, subject)
        ) {clustered}",
        "CREATE INDEX upstream_links_user_id ON upstream_links (user_id)",
    ],
    down: &["DROP TABLE upstream_links", "DROP TABLE connections"]
);
