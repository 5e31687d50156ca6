//! What a resource owner agreed that a client may know and do.

use super::client::ClientId;
use crate::protocol::ScopeSet;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// A remembered consent: one per account and client.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The account of the resource owner.
    pub user: UserId,
    /// The client that asked.
    pub client: ClientId,
    /// The scopes that were agreed to.
    pub scope: ScopeSet,
    /// When it was last given.
    pub granted_at: Timestamp,
}
