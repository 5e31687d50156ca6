//! Who manages one app, or the people in one group, without a role.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::{ClientId, Delegation, ServiceAccount, User};

/// The most that one account or service account has, and the most of either that have one over the same thing.
pub const MAX_DELEGATIONS: u32 = 100;

/// Reads who was given one. What an account has is read with the account; units of work give and take.
#[async_trait]
pub trait DelegationStore: Send + Sync {
    /// The accounts that have one, in the order in which they were made.
    async fn holders(&self, of: &Delegation) -> StoreResult<Vec<User>>;
    /// The client of this id with those that it has, read in one statement.
    async fn service_account(&self, id: &ClientId) -> StoreResult<Option<ServiceAccount>>;
    /// The clients that have one, by id.
    async fn service_accounts(&self, of: &Delegation) -> StoreResult<Vec<ServiceAccount>>;
}
