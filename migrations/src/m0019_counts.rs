//! How often what happened, by the hour and by the day, and how many accounts were active on a day.
//!
//! `resolution` is `hour` or `day`, `begins_at` the instant at which it began. `active_people` has a sketch of a fixed size for each day, out of which the number of
//! different accounts is estimated; `version` counts its changes.

crate::dialect::step!(
    "m0019_counts",
    up: &[
        "CREATE TABLE counts (
            resolution TEXT NOT NULL,
            measure TEXT NOT NULL,
            begins_at BIGINT NOT NULL,
            label TEXT NOT NULL,
            count BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (resolution, measure, begins_at, label)
        ) {clustered}",
        "CREATE INDEX counts_expiry ON counts (expires_at)",
        "CREATE TABLE active_people (
            begins_at BIGINT NOT NULL PRIMARY KEY,
            sketch {bytes} NOT NULL,
            version BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        )",
    ],
    down: &["DROP TABLE active_people", "DROP TABLE counts"]
);
