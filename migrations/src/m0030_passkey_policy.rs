//! Whether passkeys sign in, where statements ask for it, and who does not want to be offered one for a while.
//!
//! `policy.passkeys` repeats what the policy's document says, as `policy.passwords` does.

crate::dialect::step!(
    "m0030_passkey_policy",
    up: &[
        "ALTER TABLE policy ADD COLUMN passkeys BOOLEAN NOT NULL DEFAULT TRUE",
        "CREATE TABLE passkey_offers (
            user_id {bytes} NOT NULL PRIMARY KEY,
            declined_at BIGINT NOT NULL
        ) {clustered}",
    ],
    down: &[
        "DROP TABLE passkey_offers",
        "ALTER TABLE policy DROP COLUMN passkeys",
    ]
);
