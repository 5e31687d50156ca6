//! What must not be accepted again: used assertion ids, revoked access tokens, one-time tokens.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::SqlStore;
use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::store::sql::statements::revoked_token::{FindRevokedToken, RevokeToken};
use crate::store::sql::statements::spent_value::UseOnce;
use crate::store::sql::statements::{invitation, one_time_token};
use crate::store::{OneTimeTokenStore, ReplayStore, RevokedTokenStore, StoreResult};
use crate::support::id::{OneTimeTokenId, UserId};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl OneTimeTokenStore for SqlStore {
    async fn find(&self, id: OneTimeTokenId, digest: Digest, now: Timestamp) -> StoreResult<Option<OneTimeToken>> {
        one_time_token::find(&self.read, id, digest, now).await
    }

    async fn find_in_browser(
        &self,
        id: OneTimeTokenId,
        browser: Digest,
        now: Timestamp,
    ) -> StoreResult<Option<OneTimeToken>> {
        one_time_token::find_in_browser(&self.read, id, browser, now).await
    }

    async fn waits(
        &self,
        user: UserId,
        purpose: OneTimeTokenPurpose,
        now: Timestamp,
    ) -> StoreResult<Option<Timestamp>> {
        one_time_token::waits(&self.read, user, purpose, now).await
    }

    async fn invited(&self, among: &[UserId]) -> StoreResult<BTreeSet<UserId>> {
        invitation::invited(&self.read, among).await
    }
}

#[async_trait]
impl ReplayStore for SqlStore {
    async fn first_use(&self, value: Digest, until: Timestamp, now: Timestamp) -> StoreResult<bool> {
        self.write(UseOnce { value, until, now }).await
    }
}

#[async_trait]
impl RevokedTokenStore for SqlStore {
    async fn revoke(&self, jti: Digest, until: Timestamp) -> StoreResult<()> {
        self.write(RevokeToken { jti, until }).await
    }

    async fn is_revoked(&self, jti: Digest) -> StoreResult<bool> {
        Ok(self.lookups.find(FindRevokedToken(jti)).await?.is_some())
    }
}
