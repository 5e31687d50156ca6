//! Groups, and roles in apps; who has which.
//!
//! Which an account has is in its document, with which every token is minted. `affiliated` says the same from the other side, for the lists of members.
//! `scope` is the client of a role that is a client's own, and empty for everything else. `affiliations_version` counts the changes of groups and roles:
//! it is read with each account, so that no node mints by definitions that are none any more.

crate::dialect::step!(
    "m0023_affiliations",
    up: &[
        "CREATE TABLE affiliations (
            id {bytes} NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        )",
        "CREATE UNIQUE INDEX affiliations_name ON affiliations (kind, scope, name)",
        "CREATE INDEX affiliations_scope ON affiliations (scope)",
        "CREATE TABLE affiliated (
            affiliation_id {bytes} NOT NULL,
            user_id {bytes} NOT NULL,
            PRIMARY KEY (affiliation_id, user_id)
        ) {clustered}",
        "CREATE INDEX affiliated_user ON affiliated (user_id)",
        "ALTER TABLE server ADD COLUMN affiliations_version BIGINT NOT NULL DEFAULT 0",
    ],
    down: &[
        "ALTER TABLE server DROP COLUMN affiliations_version",
        "DROP TABLE affiliated",
        "DROP TABLE affiliations",
    ]
);
