//! What a person agreed to let an app know and do.

use super::client::ClientId;
use crate::protocol::ScopeSet;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// A remembered consent: one per person and client.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// Who agreed.
    pub user: UserId,
    /// For whom.
    pub client: ClientId,
    /// To what.
    pub scope: ScopeSet,
    /// When it was last given.
    pub granted_at: Timestamp,
}
