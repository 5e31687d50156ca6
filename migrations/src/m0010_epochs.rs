//! Epochs: what ended is told from what holds by a number that is compared, and no longer by a time.
//!
//! An account that was changed before may have ended things by `not_before`. It begins its next epoch here: sessions from before end once,
//! and the grants that still counted are taken along.

crate::dialect::step!(
    "m0010_epochs",
    up: &[
        "ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE clients ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE connections ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grants ADD COLUMN user_epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grants ADD COLUMN client_epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grants ADD COLUMN connection_id {bytes}",
        "ALTER TABLE grants ADD COLUMN connection_epoch BIGINT",
        "UPDATE users SET epoch = 1 WHERE version > 0",
        "UPDATE grants SET user_epoch = 1 WHERE EXISTS (SELECT 1 FROM users WHERE users.id = grants.user_id \
         AND users.epoch = 1 AND grants.created_at >= users.not_before)",
    ],
    down: &[
        "ALTER TABLE grants DROP COLUMN connection_epoch",
        "ALTER TABLE grants DROP COLUMN connection_id",
        "ALTER TABLE grants DROP COLUMN client_epoch",
        "ALTER TABLE grants DROP COLUMN user_epoch",
        "ALTER TABLE connections DROP COLUMN epoch",
        "ALTER TABLE clients DROP COLUMN epoch",
        "ALTER TABLE users DROP COLUMN epoch",
    ]
);
