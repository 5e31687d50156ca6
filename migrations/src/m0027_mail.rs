//! Mail that is to be sent, what became of it, and what one-time tokens are bound to.
//!
//! `letter` is what a mail says, sealed, and empty once it was sent. `to_key` is the address in lower case, which it is found by. A mail that waits is due at
//! `next_at` and dropped from `stale_at` on; all go when they expire. `mail_place` is the place in the audit log's chain up to which people were told what
//! happened to their accounts. `address` and `epoch` of a token are what the account must still be.

crate::dialect::step!(
    "m0027_mail",
    up: &[
        "CREATE TABLE mails (
            id {bytes} NOT NULL PRIMARY KEY,
            purpose TEXT NOT NULL,
            user_id {bytes},
            recipient TEXT NOT NULL,
            to_key TEXT NOT NULL,
            letter {bytes} NOT NULL,
            state TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            stale_at BIGINT NOT NULL,
            last_at BIGINT,
            last_code BIGINT,
            last_problem TEXT,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX mails_waiting ON mails (next_at) WHERE state = 'waiting'",
        "CREATE INDEX mails_state ON mails (state, id)",
        "CREATE INDEX mails_user ON mails (user_id, id) WHERE user_id IS NOT NULL",
        "CREATE INDEX mails_expiry ON mails (expires_at)",
        "CREATE TABLE mail_place (
            id BIGINT NOT NULL PRIMARY KEY,
            after_seq BIGINT NOT NULL
        )",
        "INSERT INTO mail_place (id, after_seq) SELECT 1, COALESCE((SELECT head_seq FROM audit_chain WHERE id = 1), 0)",
        "ALTER TABLE one_time_tokens ADD COLUMN address TEXT",
        "ALTER TABLE one_time_tokens ADD COLUMN epoch BIGINT",
        "CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, purpose) WHERE user_id IS NOT NULL",
    ],
    down: &[
        "DROP INDEX one_time_tokens_user",
        "ALTER TABLE one_time_tokens DROP COLUMN epoch",
        "ALTER TABLE one_time_tokens DROP COLUMN address",
        "DROP TABLE mail_place",
        "DROP TABLE mails",
    ]
);
