//! What must not be accepted again until it expires: assertion ids that were used, access tokens that were revoked.

crate::dialect::step!(
    "m0005_spent_values",
    up: &[
        "CREATE TABLE used_values (
            value {bytes} NOT NULL PRIMARY KEY,
            expires_at BIGINT NOT NULL
        ) {clustered}",
        "CREATE INDEX used_values_expires_at ON used_values (expires_at)",
        "CREATE TABLE revoked_tokens (
            jti {bytes} NOT NULL PRIMARY KEY,
            expires_at BIGINT NOT NULL
        ) {clustered}",
        "CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at)",
    ],
    down: &["DROP TABLE revoked_tokens", "DROP TABLE used_values"]
);
