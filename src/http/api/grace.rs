//! How long an old secret counts beside a new one.

use std::time::Duration;

use serde::Deserialize;
use utoipa::ToSchema;

/// How a secret is to be rotated.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SecretWanted {
    /// Seconds that the old secret counts on.
    grace_seconds: Option<u32>,
}

impl SecretWanted {
    /// The time that was asked for, or the usual one.
    pub(super) fn grace(&self, usual: Duration) -> Duration {
        of_seconds(self.grace_seconds, usual)
    }
}

/// The same of the seconds themselves.
pub(super) fn of_seconds(seconds: Option<u32>, usual: Duration) -> Duration {
    seconds.map_or(usual, |seconds| Duration::from_secs(seconds.into()))
}
