//! What administrators decided for the whole server: one row with a document and the count of its changes.
//!
//! `passwords` says whether accounts sign in by password: statements that keep the last way in ask for it.

crate::dialect::step!(
    "m0021_policy",
    up: &[
        "CREATE TABLE policy (
            id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
            version BIGINT NOT NULL,
            passwords BOOLEAN NOT NULL,
            document TEXT NOT NULL
        ) {updated}",
        "INSERT INTO policy (id, version, passwords, document) VALUES (1, 0, TRUE, '{}')",
    ],
    down: &["DROP TABLE policy"]
);
