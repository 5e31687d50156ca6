//! What signs in by mail, and the codes that are mailed.
//!
//! `browser` is the digest of the browser that asked: a token that names one is worth nothing in another. `code` is the digest of what is typed instead of following the
//! link, with the browser's own secret in it, so that nobody finds a code who reads the table. `tries` counts up before a typed code is looked at.

crate::dialect::step!(
    "m0031_mailed_codes",
    up: &[
        "ALTER TABLE one_time_tokens ADD COLUMN browser {bytes}",
        "ALTER TABLE one_time_tokens ADD COLUMN code {bytes}",
        "ALTER TABLE one_time_tokens ADD COLUMN tries BIGINT NOT NULL DEFAULT 0",
    ],
    down: &[
        "ALTER TABLE one_time_tokens DROP COLUMN tries",
        "ALTER TABLE one_time_tokens DROP COLUMN code",
        "ALTER TABLE one_time_tokens DROP COLUMN browser",
    ]
);
