//! The passkeys of accounts.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::passkey::{CredentialId, Passkey};
use crate::support::id::UserId;

/// Reads what passkeys there are.
#[async_trait]
pub trait PasskeyStore: Send + Sync {
    /// The passkey of a credential, where its account was not deleted.
    async fn find(&self, credential: &CredentialId) -> StoreResult<Option<Passkey>>;
    /// The passkeys of an account, the oldest first, at most [`MAX_PASSKEYS`](crate::model::passkey::MAX_PASSKEYS).
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Passkey>>;
}
