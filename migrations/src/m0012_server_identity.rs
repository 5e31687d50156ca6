//! Whose database it is: the issuer that it serves, which database it is among those with that issuer, which release wrote to it last, and a
//! mark that is counted up now and then, so that a database which lost commits can be told from one that did not.

crate::dialect::step!(
    "m0012_server_identity",
    up: &[
        "ALTER TABLE server ADD COLUMN issuer TEXT",
        "ALTER TABLE server ADD COLUMN instance TEXT",
        "ALTER TABLE server ADD COLUMN generation BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE server ADD COLUMN release TEXT",
        "ALTER TABLE server ADD COLUMN mark BIGINT NOT NULL DEFAULT 0",
    ],
    down: &[
        "ALTER TABLE server DROP COLUMN mark",
        "ALTER TABLE server DROP COLUMN release",
        "ALTER TABLE server DROP COLUMN generation",
        "ALTER TABLE server DROP COLUMN instance",
        "ALTER TABLE server DROP COLUMN issuer",
    ]
);
