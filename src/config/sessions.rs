//! `[sessions]`

use std::time::Duration;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// How long browsers stay signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct SessionsConfig {
    /// Hours after which an unused session ends.
    pub idle_hours: u32,
    /// Hours after which a session ends even if it is used.
    pub absolute_hours: u32,
    /// Minutes that an end-user has for signing in and agreeing before the app must begin again.
    pub authorization_minutes: u32,
    /// Minutes for which an account that proved itself, by its password or by a provider's word that its user just authenticated there, need
    /// not do so again: for what administers this server, and for what adds, removes or changes a way to sign in.
    pub proof_minutes: u32,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self { idle_hours: 24 * 7, absolute_hours: 24 * 30, authorization_minutes: 30, proof_minutes: 10 }
    }
}

impl SessionsConfig {
    /// How long a session lasts that is not used: `idle_hours`.
    pub fn idle(&self) -> Duration {
        Duration::from_hours(u64::from(self.idle_hours))
    }

    /// How long a session lasts at most: `absolute_hours`.
    pub fn absolute(&self) -> Duration {
        Duration::from_hours(u64::from(self.absolute_hours))
    }

    /// How long an authorization request stays pending: `authorization_minutes`.
    pub fn authorization(&self) -> Duration {
        Duration::from_mins(u64::from(self.authorization_minutes))
    }

    /// How long an account's proof counts as recent: `proof_minutes`.
    pub fn proof(&self) -> Duration {
        Duration::from_mins(u64::from(self.proof_minutes))
    }

    /// Checks the ranges.
    pub(super) fn validate(&self, found: &mut Findings) {
        found.range("absolute_hours", &self.absolute_hours, &1, &(24 * 365 * 2));
        found.range("idle_hours", &self.idle_hours, &1, &(24 * 365 * 2));
        if self.idle_hours > self.absolute_hours {
            found.wrong("idle_hours", "must not be more than absolute_hours");
        }
        found.range("authorization_minutes", &self.authorization_minutes, &1, &(24 * 60));
        found.range("proof_minutes", &self.proof_minutes, &1, &60);
    }
}
