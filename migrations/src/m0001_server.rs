//! The one row that the server itself has: how often cached things changed, the version of the key ring, and when the first
//! administrator was made.

crate::dialect::step!(
    "m0001_server",
    up: &[
        "CREATE TABLE server (
            id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
            revision BIGINT NOT NULL,
            keys_version BIGINT NOT NULL,
            claimed_at BIGINT
        ) {updated}",
        "INSERT INTO server (id, revision, keys_version, claimed_at) VALUES (1, 0, 0, NULL)",
    ],
    down: &["DROP TABLE server"]
);
