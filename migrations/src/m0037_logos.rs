//! The logos of the server and of clients, that browsers fetch from us.
//!
//! `owner` is the id of the client, and empty for the server's own: there is one of each at most. `id` is the digest of the picture, by which it is asked for; two owners may have the
//! same. Whose logo is which is said by the documents of the clients and by the policy: this is where the pictures themselves are.

crate::dialect::step!(
    "m0037_logos",
    up: &[
        "CREATE TABLE logos (
            owner TEXT NOT NULL PRIMARY KEY,
            id {bytes} NOT NULL,
            picture {bytes} NOT NULL
        )",
        "CREATE INDEX logos_id ON logos (id)",
    ],
    down: &["DROP TABLE logos"]
);
