//! The rules by which apps are told of people.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::claim_rule::Rules;
use crate::store::sql::statements::claim_rule;
use crate::store::{ClaimRuleStore, StoreResult};

#[async_trait]
impl ClaimRuleStore for SqlStore {
    async fn all(&self) -> StoreResult<Rules> {
        claim_rule::all(&self.read).await
    }
}
