//! A token that works once: the administrator's claim link, and later resets and invitations.

use serde::{Deserialize, Serialize};

use crate::support::id::{OneTimeTokenId, UserId};
use crate::support::{Digest, Timestamp};

/// What a one-time token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneTimeTokenPurpose {
    /// Makes the account that presents it the first administrator.
    ClaimServer,
}

impl OneTimeTokenPurpose {
    /// The name that is stored and that keeps digests of different purposes apart.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClaimServer => "claim_server",
        }
    }
}

/// A stored one-time token: its digest only.
#[derive(Clone, Debug, PartialEq)]
pub struct OneTimeToken {
    /// Its id, which is part of the token's text.
    pub id: OneTimeTokenId,
    /// What it is good for.
    pub purpose: OneTimeTokenPurpose,
    /// The digest of the token's payload.
    pub digest: Digest,
    /// The account it belongs to; `None` where it makes one.
    pub user: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it no longer counts.
    pub expires_at: Timestamp,
}
