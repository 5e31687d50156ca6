//! What administrators decided for the whole server.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::policy::Policy;

/// Reads the policy. [`Change::PutPolicy`](super::Change::PutPolicy) writes it.
#[async_trait]
pub trait PolicyStore: Send + Sync {
    /// What is decided now.
    async fn policy(&self) -> StoreResult<Policy>;
    /// The count of its changes, which costs less to read.
    async fn version(&self) -> StoreResult<i64>;
}
