//! What each client was seen doing in its last logins: a letter each, the newest last.

crate::dialect::step!(
    "m0016_seen_logins",
    up: &["ALTER TABLE clients ADD COLUMN logins TEXT NOT NULL DEFAULT ''"],
    down: &["ALTER TABLE clients DROP COLUMN logins"]
);
