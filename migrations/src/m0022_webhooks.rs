//! Webhooks, and the messages to them.
//!
//! `after_seq` is the place in the audit log's chain up to which there are messages. `failing_since` is when the first attempt failed that no successful
//! one came after. A message that waits is due at `next_at`; all go when they expire.

crate::dialect::step!(
    "m0022_webhooks",
    up: &[
        "CREATE TABLE webhooks (
            id {bytes} NOT NULL PRIMARY KEY,
            enabled BOOLEAN NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL,
            after_seq BIGINT NOT NULL,
            failing_since BIGINT
        )",
        "CREATE TABLE webhook_messages (
            id {bytes} NOT NULL PRIMARY KEY,
            webhook_id {bytes} NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            last_at BIGINT,
            last_status BIGINT,
            last_problem TEXT,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX webhook_messages_waiting ON webhook_messages (webhook_id, next_at) WHERE state = 'waiting'",
        "CREATE INDEX webhook_messages_webhook ON webhook_messages (webhook_id, id)",
        "CREATE INDEX webhook_messages_expiry ON webhook_messages (expires_at)",
    ],
    down: &["DROP TABLE webhook_messages", "DROP TABLE webhooks"]
);
