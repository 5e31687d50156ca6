//! `[sessions]`

use serde::{Deserialize, Serialize};

/// Browser sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Hours after which a session that nobody uses ends.
    pub idle_hours: u32,
    /// Hours after which a session ends even if it is used.
    pub absolute_hours: u32,
    /// Minutes that a person has for signing in and agreeing before the app must begin again.
    pub authorization_minutes: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_hours: 24 * 7, absolute_hours: 24 * 30, authorization_minutes: 30 }
    }
}
