//! What is remembered of tokens and assertions by themselves: that one is revoked, or was used.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::StoreResult;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::support::id::{OneTimeTokenId, UserId};
use crate::support::{Digest, Timestamp};

/// One-time tokens, as they are looked at before they are used.
#[async_trait]
pub trait OneTimeTokenStore: Send + Sync {
    /// A token that could be used now. Using it is a change of its own, which decides.
    async fn find(&self, id: OneTimeTokenId, digest: Digest, now: Timestamp) -> StoreResult<Option<OneTimeToken>>;
    /// The same of one that is good in a browser only, looked at there.
    async fn find_in_browser(
        &self,
        id: OneTimeTokenId,
        browser: Digest,
        now: Timestamp,
    ) -> StoreResult<Option<OneTimeToken>>;
    /// When the token of an account for a purpose was made that could be used now; `None` where there is none.
    async fn waits(&self, user: UserId, purpose: OneTimeTokenPurpose, now: Timestamp)
    -> StoreResult<Option<Timestamp>>;
    /// Which of these accounts somebody was invited to who has not accepted: an invitation was not used, expired or not, and there is no way in.
    async fn invited(&self, among: &[UserId]) -> StoreResult<BTreeSet<UserId>>;
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
