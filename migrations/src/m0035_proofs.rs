//! What waits for the proof of an address, and since when there is a set of recovery codes.
//!
//! `sealed` of a one-time token is what its use makes of it: an account that somebody signed up for, without which there is none yet. `made_at` of recovery codes is zero for
//! those from before this step: older than any change of an address that is still to be taken back. `mails_to` counts what an address is sent, whoever asks for it.

crate::dialect::step!(
    "m0035_proofs",
    up: &[
        "ALTER TABLE one_time_tokens ADD COLUMN sealed {bytes}",
        "ALTER TABLE recovery_codes ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX mails_to ON mails (to_key, created_at)",
    ],
    down: &[
        "DROP INDEX mails_to",
        "ALTER TABLE recovery_codes DROP COLUMN made_at",
        "ALTER TABLE one_time_tokens DROP COLUMN sealed",
    ]
);
