//! The passkeys of accounts.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::passkey::{CredentialId, Passkey};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// Reads what passkeys there are.
#[async_trait]
pub trait PasskeyStore: Send + Sync {
    /// The passkey of a credential, where its account was not deleted.
    async fn find(&self, credential: &CredentialId) -> StoreResult<Option<Passkey>>;
    /// The passkeys of an account, the oldest first, at most [`MAX_PASSKEYS`](crate::model::passkey::MAX_PASSKEYS).
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Passkey>>;
    /// Whether there are any.
    async fn any(&self) -> StoreResult<bool>;
    /// How many accounts could sign in by nothing but a passkey, where passwords count or do not.
    async fn count_only(&self, passwords: bool) -> StoreResult<u64>;
    /// When an account last did not want a passkey that it was offered; `None` where it never said so.
    async fn declined(&self, user: UserId) -> StoreResult<Option<Timestamp>>;
}
