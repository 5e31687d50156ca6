//! What is remembered of tokens and assertions by themselves: that one is revoked, or was used.

use async_trait::async_trait;

use super::StoreResult;
use crate::support::id::OneTimeTokenId;
use crate::support::{Digest, Timestamp};

/// One-time tokens, as they are looked at before they are used.
#[async_trait]
pub trait OneTimeTokenStore: Send + Sync {
    /// Whether a token could be used now. Using it is a change of its own, which decides.
    async fn stands(&self, id: OneTimeTokenId, digest: Digest, now: Timestamp) -> StoreResult<bool>;
}

/// Revoked access tokens that no grant stands behind, until they expire.
#[async_trait]
pub trait RevokedTokenStore: Send + Sync {
    /// Remembers that a token is revoked.
    async fn revoke(&self, jti: Digest, until: Timestamp) -> StoreResult<()>;
    /// Whether the access token of this `jti` was revoked.
    async fn is_revoked(&self, jti: Digest) -> StoreResult<bool>;
}

/// Values that may be used once until they expire: `jti`s of client assertions (RFC 7523 section 3).
#[async_trait]
pub trait ReplayStore: Send + Sync {
    /// Remembers a value; `true` exactly once.
    async fn first_use(&self, value: Digest, until: Timestamp, now: Timestamp) -> StoreResult<bool>;
}
