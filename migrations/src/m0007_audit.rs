//! The audit log.

crate::dialect::step!(
    "m0007_audit",
    up: &["CREATE TABLE audit_events (
        id {bytes} NOT NULL PRIMARY KEY,
        document TEXT NOT NULL
    )"],
    down: &["DROP TABLE audit_events"]
);
