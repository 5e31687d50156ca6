//! Who manages one app, or the people in one group, without a role.
//!
//! The rows are all that there is to say of it: they are read with the account, in one statement, so that one which is taken away counts on no node from
//! its commit on. `object_id` is the id of the client, or that of the group as a text.

crate::dialect::step!(
    "m0036_delegations",
    up: &[
        "CREATE TABLE delegations (
            kind TEXT NOT NULL,
            object_id TEXT NOT NULL,
            user_id {bytes} NOT NULL,
            PRIMARY KEY (kind, object_id, user_id)
        ) {clustered}",
        "CREATE INDEX delegations_user ON delegations (user_id)",
    ],
    down: &["DROP TABLE delegations"]
);
