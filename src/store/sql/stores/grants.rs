//! Grants: codes, refresh tokens, revocation.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::grant::{Grant, RefreshSlot};
use crate::store::sql::statements::grant::{
    self, BurnCode, ExchangeCode, ExchangeRefreshToken, FindBackedGrant, FindGrant, ForgetPreviousRefreshToken,
    InsertGrant, RedeemCode, RevokeGrants, RotateRefreshToken,
};
use crate::store::{
    BackedGrant, CodeExchange, CodeRedemption, Conflict, GrantFilter, GrantStore, RefreshExchange, RefreshRotation,
    StoreError, StoreResult,
};
use crate::support::id::{GrantId, UserId};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl GrantStore for SqlStore {
    async fn insert(&self, grant: Grant) -> StoreResult<()> {
        if self.write(InsertGrant::new(&grant)?).await? {
            return Ok(());
        }
        let taken = self.lookups.find(FindGrant(grant.id)).await?.is_some();
        Err(StoreError::Conflict(if taken { Conflict::Taken } else { Conflict::Ended }))
    }

    async fn find(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        self.lookups.find(FindGrant(id)).await?.map(Grant::try_from).transpose()
    }

    async fn find_backed(&self, id: GrantId) -> StoreResult<Option<BackedGrant>> {
        self.lookups.find(FindBackedGrant { grant: id, token: None }).await?.map(BackedGrant::try_from).transpose()
    }

    async fn find_behind(&self, token: Digest, id: GrantId) -> StoreResult<Option<BackedGrant>> {
        let wanted = FindBackedGrant { grant: id, token: Some(token) };
        self.lookups.find(wanted).await?.map(BackedGrant::try_from).transpose()
    }

    async fn exchange_code(&self, code: CodeExchange) -> StoreResult<Option<BackedGrant>> {
        self.write(ExchangeCode(code)).await?
    }

    async fn exchange_refresh_token(&self, token: RefreshExchange) -> StoreResult<Option<BackedGrant>> {
        self.write(ExchangeRefreshToken(token)).await?
    }

    async fn redeem_code(
        &self,
        id: GrantId,
        now: Timestamp,
        refresh: Option<RefreshSlot>,
        expires_at: Timestamp,
    ) -> StoreResult<CodeRedemption> {
        if self.write(RedeemCode { id, now, refresh, expires_at }).await? {
            return Ok(CodeRedemption::Fresh);
        }
        // Neither a use nor a revocation is ever taken back, so looking afterwards tells why.
        let found = self.lookups.find(FindGrant(id)).await?;
        let replayed = found.is_some_and(|row| row.revoked_at.is_none() && row.code_used_at.is_some());
        Ok(if replayed { CodeRedemption::AlreadyUsed } else { CodeRedemption::Unknown })
    }

    async fn burn_code(&self, id: GrantId, now: Timestamp) -> StoreResult<()> {
        self.write(BurnCode { id, now }).await
    }

    async fn rotate(
        &self,
        id: GrantId,
        expected: &RefreshSlot,
        next: RefreshSlot,
        expires_at: Timestamp,
    ) -> StoreResult<RefreshRotation> {
        let expected = (expected.generation, expected.current);
        self.write(RotateRefreshToken { id, expected, next, expires_at }).await
    }

    async fn forget_previous_refresh_token(&self, id: GrantId, generation: u32) -> StoreResult<()> {
        self.write(ForgetPreviousRefreshToken { id, generation }).await
    }

    async fn revoke(&self, filter: &GrantFilter, now: Timestamp) -> StoreResult<u64> {
        self.write(RevokeGrants { filter: filter.clone(), now }).await
    }

    async fn offline_of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        grant::offline_of_user(&self.read, user, now).await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        grant::of_user(&self.read, user, now).await
    }
}
