//! The last refused requests of each client. `owner` is the client's id, and empty for what no registered client is known of.

crate::dialect::step!(
    "m0015_refusals",
    up: &[
        "CREATE TABLE refusals (
            id {bytes} NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL,
            document TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX refusals_owner ON refusals (owner, id)",
        "CREATE INDEX refusals_expiry ON refusals (expires_at)",
    ],
    down: &["DROP TABLE refusals"]
);
