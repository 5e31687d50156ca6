//! The passkeys of accounts.
//!
//! `credential_id` is what their authenticators call them by, and is found before it is known whose it is. `sign_count` counts up with each use, in the
//! statement that notes it.

crate::dialect::step!(
    "m0029_passkeys",
    up: &[
        "CREATE TABLE passkeys (
            id {bytes} NOT NULL PRIMARY KEY,
            user_id {bytes} NOT NULL,
            credential_id {bytes} NOT NULL,
            credential TEXT NOT NULL,
            name TEXT NOT NULL,
            aaguid {bytes} NOT NULL,
            sign_count BIGINT NOT NULL,
            backup_eligible BOOLEAN NOT NULL,
            backed_up BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT
        ) {updated}",
        "CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id)",
        "CREATE INDEX passkeys_user ON passkeys (user_id)",
    ],
    down: &["DROP TABLE passkeys"]
);
