//! `[log]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text for operators to read.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, to standard error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `text` or `json`.
    pub format: LogFormat,
    /// Which events: a level, or directives such as `info,haechi=debug`.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info,sqlx=warn,sea_orm_migration=warn".to_owned() }
    }
}

impl LogConfig {
    /// Checks that the filter can be read.
    pub(super) fn validate(&self, found: &mut Findings) {
        if let Err(error) = self.filter.parse::<tracing_subscriber::filter::Targets>() {
            found.wrong("filter", format!("must be a level or a list such as info,haechi=debug: {error}"));
        }
    }
}
