//! Second factors.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::factor::Factors;
use crate::support::id::UserId;

/// Reads what accounts have beside their first factor.
#[async_trait]
pub trait FactorStore: Send + Sync {
    /// What an account has; nothing where there is no such account.
    async fn of_user(&self, user: UserId) -> StoreResult<Factors>;
}
