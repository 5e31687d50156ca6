//! The orders of the list of clients: by name, and as they were registered and changed last.
//!
//! What they are ordered by stands beside the document, with the version that it is of. A client of which `order_version` is another one was written before this step, or by
//! a node that does not know of it: the store writes down what is missing as it is brought up to date, as it knows the letters of all languages, which SQLite does not.
//! Until then such a client stands in the list where it stood before, or first among the names.

crate::dialect::step!(
    "m0041_client_order",
    up: &[
        "{postgres}ALTER TABLE clients ADD COLUMN name_key TEXT COLLATE \"C\" NOT NULL DEFAULT ''",
        "{sqlite}ALTER TABLE clients ADD COLUMN name_key TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE clients ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE clients ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE clients ADD COLUMN order_version BIGINT NOT NULL DEFAULT -1",
        "CREATE INDEX clients_by_name ON clients (name_key, id) WHERE NOT deleted",
        "CREATE INDEX clients_by_created ON clients (created_at, id) WHERE NOT deleted",
        "CREATE INDEX clients_by_updated ON clients (updated_at, id) WHERE NOT deleted",
        "CREATE INDEX clients_without_order ON clients (id) WHERE order_version <> version",
    ],
    down: &[
        "DROP INDEX clients_without_order",
        "DROP INDEX clients_by_updated",
        "DROP INDEX clients_by_created",
        "DROP INDEX clients_by_name",
        "ALTER TABLE clients DROP COLUMN order_version",
        "ALTER TABLE clients DROP COLUMN updated_at",
        "ALTER TABLE clients DROP COLUMN created_at",
        "ALTER TABLE clients DROP COLUMN name_key",
    ]
);
