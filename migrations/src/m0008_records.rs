//! Passing state, where no Redis is configured: sealed records, whose they are, and throttling counters.
//!
//! Keys are digests, so they are random: a record lies where there is room, and only the small index of keys is random. `owners` are the
//! owners' ids one after the other; `record_owners` finds the records of one of them.

crate::dialect::step!(
    "m0008_records",
    up: &[
        "CREATE TABLE records (
            kind SMALLINT NOT NULL,
            key {bytes} NOT NULL,
            value {bytes} NOT NULL,
            owners {bytes} NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (kind, key)
        ) {updated}",
        "CREATE INDEX records_expires_at ON records (expires_at)",
        "CREATE TABLE record_owners (
            owner {bytes} NOT NULL,
            kind SMALLINT NOT NULL,
            key {bytes} NOT NULL,
            PRIMARY KEY (owner, kind, key),
            FOREIGN KEY (kind, key) REFERENCES records (kind, key) ON DELETE CASCADE
        ) {clustered}",
        "CREATE INDEX record_owners_record ON record_owners (key, kind)",
        "CREATE TABLE throttles (
            key {bytes} NOT NULL PRIMARY KEY,
            hits BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        ) {clustered}",
        "CREATE INDEX throttles_expires_at ON throttles (expires_at)",
    ],
    down: &["DROP TABLE throttles", "DROP TABLE record_owners", "DROP TABLE records"]
);
