//! Accounts that are gone, and the end of everything on the server.
//!
//! A deleted account keeps its row, without anything of its end-user, until what hangs on it is swept: so deleting it is one row. `server.epoch`
//! counts up with every end of everything; what was granted before there was one rests on 0, as the server does.

crate::dialect::step!(
    "m0014_gone",
    up: &[
        "ALTER TABLE users ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE server ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE grants ADD COLUMN server_epoch BIGINT NOT NULL DEFAULT 0",
    ],
    down: &[
        "ALTER TABLE grants DROP COLUMN server_epoch",
        "ALTER TABLE server DROP COLUMN epoch",
        "ALTER TABLE users DROP COLUMN deleted",
    ]
);
