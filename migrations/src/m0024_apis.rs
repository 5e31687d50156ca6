//! The APIs that are declared: resources that tokens are for (RFC 8707).
//!
//! `resource` is the identifier in the spelling that all that name the same one share, so that no two declare it.

crate::dialect::step!(
    "m0024_apis",
    up: &[
        "CREATE TABLE apis (
            id {bytes} NOT NULL PRIMARY KEY,
            resource TEXT NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        )",
        "CREATE UNIQUE INDEX apis_resource ON apis (resource)",
    ],
    down: &["DROP TABLE apis"]
);
