//! Second factors: the apps that show codes, and the codes that stand for them once.
//!
//! `last_step` is the time step of the last code that an app was believed: one statement compares it and moves it on, so that a code works once on every
//! node. Of a recovery code there is a digest only; its row goes as it is used. `factor_offers` remembers who was let in once without the second factor that
//! they need from then on.

crate::dialect::step!(
    "m0028_factors",
    up: &[
        "CREATE TABLE factors (
            id {bytes} NOT NULL PRIMARY KEY,
            user_id {bytes} NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            sealed {bytes} NOT NULL,
            last_step BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT
        )",
        "CREATE INDEX factors_user ON factors (user_id)",
        "CREATE TABLE recovery_codes (
            user_id {bytes} NOT NULL,
            digest {bytes} NOT NULL,
            PRIMARY KEY (user_id, digest)
        ) {clustered}",
        "CREATE TABLE factor_offers (
            user_id {bytes} NOT NULL PRIMARY KEY,
            offered_at BIGINT NOT NULL
        ) {clustered}",
    ],
    down: &[
        "DROP TABLE factor_offers",
        "DROP TABLE recovery_codes",
        "DROP TABLE factors",
    ]
);
