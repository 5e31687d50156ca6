//! The signing keys.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::signing_key::SigningKeyRecord;
use crate::store::sql::statements::signing_key::{self, ReplaceKeys};
use crate::store::{SigningKeyStore, StoreResult};

#[async_trait]
impl SigningKeyStore for SqlStore {
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)> {
        signing_key::load(&self.read).await
    }

    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>) -> StoreResult<()> {
        self.write(ReplaceKeys { expected, keys }).await
    }
}
