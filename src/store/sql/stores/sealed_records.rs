//! Sealed records, where no Redis is configured.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::sealed_record::{
    self, DeleteRecord, PutBounded, PutRecord, RenewRecord, TakeRecord,
};
use crate::store::sql::statements::server;
use crate::store::{RecordKind, RecordStore, SealedRecord, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

#[async_trait]
impl RecordStore for SqlStore {
    async fn put(&self, kind: RecordKind, record: SealedRecord, _now: Timestamp) -> StoreResult<()> {
        let put = PutRecord { kind, record };
        match kind.most_of_owner() {
            Some(most) => self.write(PutBounded { put, most }).await,
            None => self.write(put).await,
        }
    }

    async fn renew(&self, kind: RecordKind, record: SealedRecord, _now: Timestamp) -> StoreResult<bool> {
        self.write(RenewRecord(PutRecord { kind, record })).await
    }

    async fn get(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        sealed_record::get(&self.read, kind, key, now).await
    }

    async fn take(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        self.write(TakeRecord { kind, key, now }).await
    }

    async fn delete(&self, kind: RecordKind, key: Digest) -> StoreResult<()> {
        self.write(DeleteRecord { kind, key }).await
    }

    async fn of_owner(&self, kind: RecordKind, owner: UserId, now: Timestamp) -> StoreResult<Vec<SealedRecord>> {
        sealed_record::of_owner(&self.read, kind, owner, now).await
    }

    async fn ping(&self) -> StoreResult<()> {
        server::ping(&self.read).await
    }
}
