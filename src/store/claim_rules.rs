//! The rules by which apps are told of people.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::claim_rule::Rules;

/// The most rules: every node keeps all of them, and each token is made by them.
pub const MAX_CLAIM_RULES: usize = 100;

/// Reads claim rules.
#[async_trait]
pub trait ClaimRuleStore: Send + Sync {
    /// All of them.
    async fn all(&self) -> StoreResult<Rules>;
}
