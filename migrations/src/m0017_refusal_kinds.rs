//! What refusals have in common. `kind` is where, why, about which parameter, and whether the client had authenticated; `alike` is the digest of
//! all that a refusal says, which is noted once with how often (`noted`) and since when (`first_at`).

crate::dialect::step!(
    "m0017_refusal_kinds",
    up: &[
        "ALTER TABLE refusals ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE refusals ADD COLUMN alike {bytes}",
        "ALTER TABLE refusals ADD COLUMN noted BIGINT NOT NULL DEFAULT 1",
        "ALTER TABLE refusals ADD COLUMN first_at BIGINT",
        "CREATE UNIQUE INDEX refusals_alike ON refusals (owner, alike)",
    ],
    down: &[
        "DROP INDEX refusals_alike",
        "ALTER TABLE refusals DROP COLUMN kind",
        "ALTER TABLE refusals DROP COLUMN alike",
        "ALTER TABLE refusals DROP COLUMN noted",
        "ALTER TABLE refusals DROP COLUMN first_at",
    ]
);
