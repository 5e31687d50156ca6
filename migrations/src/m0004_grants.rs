//! Grants: the code, the refresh token and the revocation are columns of one row.
//!
//! `purge_hour` is the hour after which a sweep looks at the row. The index that finds expired rows is on it and not on `expires_at`, which
//! moves with every refresh: a refresh writes no index.

crate::dialect::step!(
    "m0004_grants",
    up: &[
        "CREATE TABLE grants (
            id {bytes} NOT NULL PRIMARY KEY,
            user_id {bytes} NOT NULL,
            client_id TEXT NOT NULL,
            sign_in_id {bytes} NOT NULL,
            offline BOOLEAN NOT NULL,
            terms TEXT NOT NULL,
            code_digest {bytes} NOT NULL,
            code_redirect_uri TEXT,
            code_challenge TEXT,
            code_expires_at BIGINT NOT NULL,
            code_used_at BIGINT,
            refresh_generation BIGINT,
            refresh_current {bytes},
            refresh_previous {bytes},
            refresh_rotated_at BIGINT,
            refresh_expires_at BIGINT,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            purge_hour BIGINT NOT NULL,
            revoked_at BIGINT
        ) {updated}",
        "CREATE INDEX grants_user ON grants (user_id, client_id)",
        "CREATE INDEX grants_client ON grants (client_id)",
        "CREATE INDEX grants_sign_in ON grants (sign_in_id)",
        "CREATE INDEX grants_purge ON grants (purge_hour)",
    ],
    down: &["DROP TABLE grants"]
);
