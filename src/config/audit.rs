//! `[audit]`

use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// The audit log. What is to be kept longer is taken elsewhere before: `haechi audit --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// Days that an entry is kept.
    pub keep_days: u32,
    /// Entries that are kept at most: beyond that the oldest go first. An entry takes about half a kilobyte.
    pub keep_entries: u64,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { keep_days: 365, keep_entries: 10_000_000 }
    }
}

impl AuditConfig {
    /// How long an entry is kept: `keep_days`.
    pub fn keep(&self) -> Duration {
        Duration::from_hours(24) * self.keep_days
    }

    /// Checks the ranges.
    pub(super) fn validate(&self, found: &mut Findings) {
        found.range("keep_days", &self.keep_days, &1, &36_500);
        found.range("keep_entries", &self.keep_entries, &1_000, &1_000_000_000);
    }
}
