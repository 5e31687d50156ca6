//! The passkeys of accounts.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::passkey::{CredentialId, Passkey};
use crate::store::sql::statements::passkey;
use crate::store::{PasskeyStore, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

#[async_trait]
impl PasskeyStore for SqlStore {
    async fn find(&self, credential: &CredentialId) -> StoreResult<Option<Passkey>> {
        passkey::find(&self.read, credential).await
    }

    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Passkey>> {
        passkey::of_user(&self.read, user).await
    }

    async fn any(&self) -> StoreResult<bool> {
        passkey::any(&self.read).await
    }

    async fn count_only(&self, passwords: bool) -> StoreResult<u64> {
        passkey::count_only(&self.read, passwords).await
    }

    async fn declined(&self, user: UserId) -> StoreResult<Option<Timestamp>> {
        passkey::declined(&self.read, user).await
    }
}
