//! Grants: codes, refresh tokens, revocation.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::grant::{Grant, RefreshSlot};
use crate::store::sql::commit::write::Write;
use crate::store::sql::statements::grant;
use crate::store::{BackedGrant, Conflict, GrantFilter, GrantStore, Redeemed, Rotated, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{GrantId, UserId};

#[async_trait]
impl GrantStore for SqlStore {
    async fn insert(&self, grant: Grant) -> StoreResult<()> {
        let added = self.write(Write::InsertGrant(Box::new(grant::Row::of(&grant)?))).await?.happened();
        if added { Ok(()) } else { Err(StoreError::Conflict(Conflict::Taken)) }
    }

    async fn find(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        self.lookups.grant(id).await?.map(Grant::try_from).transpose()
    }

    async fn find_backed(&self, id: GrantId) -> StoreResult<Option<BackedGrant>> {
        self.lookups.backed_grant(id).await?.map(BackedGrant::try_from).transpose()
    }

    async fn redeem_code(
        &self,
        id: GrantId,
        now: Timestamp,
        refresh: Option<RefreshSlot>,
        expires_at: Timestamp,
    ) -> StoreResult<Redeemed> {
        let redemption = grant::Redemption { id, now, refresh, expires_at };
        if self.write(Write::RedeemCode(Box::new(redemption))).await?.happened() {
            return Ok(Redeemed::Fresh);
        }
        // Neither a use nor a revocation is ever taken back, so looking afterwards tells why.
        let replayed =
            self.lookups.grant(id).await?.is_some_and(|row| row.revoked_at.is_none() && row.code_used_at.is_some());
        Ok(if replayed { Redeemed::AlreadyUsed } else { Redeemed::Unknown })
    }

    async fn burn_code(&self, id: GrantId, now: Timestamp) -> StoreResult<()> {
        self.write(Write::BurnCode(id, now)).await.map(drop)
    }

    async fn rotate(
        &self,
        id: GrantId,
        expected: &RefreshSlot,
        next: RefreshSlot,
        expires_at: Timestamp,
    ) -> StoreResult<Rotated> {
        let expected = (expected.generation, expected.current);
        let rotation = grant::Rotation { id, expected, next, expires_at };
        let fresh = self.write(Write::Rotate(Box::new(rotation))).await?.happened();
        Ok(if fresh { Rotated::Fresh } else { Rotated::Lost })
    }

    async fn settle(&self, id: GrantId, generation: u32) -> StoreResult<()> {
        self.write(Write::ForgetPreviousRefreshToken(id, generation)).await.map(drop)
    }

    async fn revoke(&self, filter: &GrantFilter, now: Timestamp) -> StoreResult<u64> {
        Ok(self.write(Write::RevokeGrants(filter.clone(), now)).await?.rows())
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        grant::of_user(&self.read, user, now).await
    }
}
