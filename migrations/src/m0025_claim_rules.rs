//! The rules by which apps are told of people.
//!
//! `client` is the client that alone is told, and empty where every one is. `claim_rule_places` has a row for each place that a rule fills, so that no
//! two rules give one app the same claim in one place. Changes count in `affiliations_version`, as those of groups and roles do.

crate::dialect::step!(
    "m0025_claim_rules",
    up: &[
        "CREATE TABLE claim_rules (
            name TEXT NOT NULL PRIMARY KEY,
            client TEXT NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        ) {clustered}",
        "CREATE INDEX claim_rules_client ON claim_rules (client)",
        "CREATE TABLE claim_rule_places (
            client TEXT NOT NULL,
            claim TEXT NOT NULL,
            place TEXT NOT NULL,
            rule TEXT NOT NULL,
            PRIMARY KEY (client, claim, place)
        ) {clustered}",
        "CREATE INDEX claim_rule_places_rule ON claim_rule_places (rule)",
    ],
    down: &["DROP TABLE claim_rule_places", "DROP TABLE claim_rules"]
);
