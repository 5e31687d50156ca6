//! What entries of the audit log are found by, and the chain that shows whether one was removed or changed.
//!
//! The columns repeat what the document says, for the indexes. `seq` and `hash` are an entry's place in the chain; none until it is sealed, which nodes do
//! a moment after the commit, in order. Entries from before this step, and those that a node of the release before still writes, have no `kind` either: they
//! are filled in as they are sealed, some at a time, so that this step takes as long for ten million entries as for none (but for the indexes).
//! `audit_chain` is one row: where the chain ends, where what was kept too long was cut off, up to where entries are from before the chain,
//! and the seal on all of that.

crate::dialect::step!(
    "m0018_audit_chain",
    up: &[
        "ALTER TABLE audit_events ADD COLUMN kind TEXT",
        "ALTER TABLE audit_events ADD COLUMN actor TEXT",
        "ALTER TABLE audit_events ADD COLUMN user_id TEXT",
        "ALTER TABLE audit_events ADD COLUMN client_id TEXT",
        "ALTER TABLE audit_events ADD COLUMN target TEXT",
        "ALTER TABLE audit_events ADD COLUMN request TEXT",
        "ALTER TABLE audit_events ADD COLUMN seq BIGINT",
        "ALTER TABLE audit_events ADD COLUMN hash {bytes}",
        "CREATE INDEX audit_events_kind ON audit_events (kind, id) WHERE kind IS NOT NULL",
        "CREATE INDEX audit_events_actor ON audit_events (actor, id) WHERE actor IS NOT NULL",
        "CREATE INDEX audit_events_user ON audit_events (user_id, id) WHERE user_id IS NOT NULL",
        "CREATE INDEX audit_events_client ON audit_events (client_id, id) WHERE client_id IS NOT NULL",
        "CREATE INDEX audit_events_target ON audit_events (target, id) WHERE target IS NOT NULL",
        "CREATE INDEX audit_events_request ON audit_events (request, id) WHERE request IS NOT NULL",
        "CREATE UNIQUE INDEX audit_events_seq ON audit_events (seq) WHERE seq IS NOT NULL",
        "CREATE INDEX audit_events_unsealed ON audit_events (id) WHERE seq IS NULL",
        "CREATE TABLE audit_chain (
            id BIGINT NOT NULL PRIMARY KEY,
            head_seq BIGINT NOT NULL DEFAULT 0,
            head_hash {bytes},
            anchor_seq BIGINT NOT NULL DEFAULT 0,
            anchor_hash {bytes},
            adopted_seq BIGINT NOT NULL DEFAULT 0,
            seal TEXT NOT NULL DEFAULT ''
        )",
        "INSERT INTO audit_chain (id) VALUES (1)",
    ],
    down: &[
        "DROP TABLE audit_chain",
        "DROP INDEX audit_events_unsealed",
        "DROP INDEX audit_events_seq",
        "DROP INDEX audit_events_request",
        "DROP INDEX audit_events_target",
        "DROP INDEX audit_events_client",
        "DROP INDEX audit_events_user",
        "DROP INDEX audit_events_actor",
        "DROP INDEX audit_events_kind",
        "ALTER TABLE audit_events DROP COLUMN hash",
        "ALTER TABLE audit_events DROP COLUMN seq",
        "ALTER TABLE audit_events DROP COLUMN request",
        "ALTER TABLE audit_events DROP COLUMN target",
        "ALTER TABLE audit_events DROP COLUMN client_id",
        "ALTER TABLE audit_events DROP COLUMN user_id",
        "ALTER TABLE audit_events DROP COLUMN actor",
        "ALTER TABLE audit_events DROP COLUMN kind",
    ]
);
