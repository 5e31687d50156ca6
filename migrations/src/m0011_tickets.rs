//! Grants that begin otherwise than with a code: what is exchanged for their first tokens, and the grant that they came of.
//!
//! The columns `code_*` hold the ticket, whichever kind it is. A grant without a sign-in has an empty `sign_in_id`, one without a ticket the
//! kind `none`.

crate::dialect::step!(
    "m0011_tickets",
    up: &[
        "ALTER TABLE grants ADD COLUMN ticket_kind TEXT NOT NULL DEFAULT 'authorization_code'",
        "ALTER TABLE grants ADD COLUMN source_id {bytes}",
        "CREATE INDEX grants_source ON grants (source_id) WHERE source_id IS NOT NULL",
    ],
    down: &[
        "DROP INDEX grants_source",
        "ALTER TABLE grants DROP COLUMN source_id",
        "ALTER TABLE grants DROP COLUMN ticket_kind",
    ]
);
