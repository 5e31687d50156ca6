//! The signing keys.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::signing_key::SigningKeyRecord;
use crate::store::sql::commit::unit_of_work::CommitUnit;
use crate::store::sql::statements::{signing_key, spent_value};
use crate::store::{Change, SigningKeyStore, StoreResult};
use crate::support::Digest;

#[async_trait]
impl SigningKeyStore for SqlStore {
    async fn load(&self) -> StoreResult<(u64, Vec<SigningKeyRecord>)> {
        signing_key::load(&self.read).await
    }

    async fn replace(&self, expected: u64, keys: Vec<SigningKeyRecord>, along: Vec<Change>) -> StoreResult<()> {
        let ring = Change::ReplaceKeys { expected, keys };
        self.write(CommitUnit([ring].into_iter().chain(along).collect())).await
    }

    async fn is_refused(&self, key: Digest) -> StoreResult<bool> {
        spent_value::is_there(&self.read, key).await
    }
}
