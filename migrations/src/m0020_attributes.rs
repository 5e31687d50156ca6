//! The custom attributes of accounts that are declared. Their values are in the documents of accounts.

crate::dialect::step!(
    "m0020_attributes",
    up: &["CREATE TABLE attributes (
        name TEXT NOT NULL PRIMARY KEY,
        version BIGINT NOT NULL,
        document TEXT NOT NULL
    ) {clustered}"],
    down: &["DROP TABLE attributes"]
);
