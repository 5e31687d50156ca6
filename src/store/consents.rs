//! Consents.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::support::id::UserId;

/// Reads consents.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// The consent of an account to a client.
    async fn find(&self, user: UserId, client: &ClientId) -> StoreResult<Option<Consent>>;
    /// Every consent of an account, at most 200.
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Consent>>;
}
