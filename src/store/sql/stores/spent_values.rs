//! What must not be accepted again: used assertion ids and revoked access tokens.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::commit::write::Write;
use crate::store::sql::statements::spent_value::Use;
use crate::store::{ReplayStore, RevokedTokenStore, StoreResult};
use crate::support::{Digest, Timestamp};

#[async_trait]
impl ReplayStore for SqlStore {
    async fn first_use(&self, value: Digest, until: Timestamp, now: Timestamp) -> StoreResult<bool> {
        Ok(self.write(Write::UseValue(Use { value, until, now })).await?.happened())
    }
}

#[async_trait]
impl RevokedTokenStore for SqlStore {
    async fn revoke(&self, jti: Digest, until: Timestamp) -> StoreResult<()> {
        self.write(Write::RevokeToken(jti, until)).await.map(drop)
    }

    async fn is_revoked(&self, jti: Digest) -> StoreResult<bool> {
        self.lookups.is_revoked(jti).await
    }
}
