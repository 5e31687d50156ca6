//! Sealed records: what a session cookie, the id of a pending authorization or an upstream `state` stands for.
//!
//! Owns that a store of records sees a digest and bytes only: values are sealed to their kind and key. Leaves what the values mean
//! to `sessions`, `flow` and `upstream`, and sealing itself to `keys`.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::keys::Sealer;
use crate::store::{RecordKind, RecordStore, SealedRecord, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Random, Timestamp};

/// Seals, stores, finds and opens records.
#[derive(Clone)]
pub struct SealedRecords {
    store: Arc<dyn RecordStore>,
    sealer: Arc<Sealer>,
    random: Arc<dyn Random>,
}

/// What is stored besides the value itself.
pub struct RecordLabel {
    /// What the value is; part of what it is sealed to.
    pub kind: RecordKind,
    /// The digest of the secret that the browser holds.
    pub key: Digest,
    /// The accounts that the record is found by, at most one for each sign-in.
    pub owners: Vec<UserId>,
    /// From when the record no longer counts.
    pub expires_at: Timestamp,
}

impl SealedRecords {
    /// Records in `store`, sealed by `sealer`.
    pub fn new(store: Arc<dyn RecordStore>, sealer: Arc<Sealer>, random: Arc<dyn Random>) -> Self {
        Self { store, sealer, random }
    }

    /// Seals a value and stores it, in the place of what was there.
    pub async fn put<T: Serialize>(&self, label: RecordLabel, value: &T, now: Timestamp) -> StoreResult<()> {
        let kind = label.kind;
        self.store.put(kind, self.seal(label, value)?, now).await
    }

    /// Seals a value and stores it in the place of one that is there; says whether one was. What was taken away or deleted meanwhile stays away.
    pub async fn renew<T: Serialize>(&self, label: RecordLabel, value: &T, now: Timestamp) -> StoreResult<bool> {
        let kind = label.kind;
        self.store.renew(kind, self.seal(label, value)?, now).await
    }

    fn seal<T: Serialize>(&self, label: RecordLabel, value: &T) -> StoreResult<SealedRecord> {
        let plain = serde_json::to_vec(value).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let value = self.sealer.seal(self.random.as_ref(), &binding(label.kind, label.key), &plain);
        let RecordLabel { key, owners, expires_at, .. } = label;
        Ok(SealedRecord { key, owners, value, expires_at })
    }

    /// The value of a record; `None` where there is none, or none that opens.
    pub async fn get<T: DeserializeOwned>(
        &self,
        kind: RecordKind,
        key: Digest,
        now: Timestamp,
    ) -> StoreResult<Option<T>> {
        Ok(self.store.get(kind, key, now).await?.and_then(|record| self.open(kind, &record)))
    }

    /// Takes a record away and opens it: of several callers, one gets it.
    pub async fn take<T: DeserializeOwned>(
        &self,
        kind: RecordKind,
        key: Digest,
        now: Timestamp,
    ) -> StoreResult<Option<T>> {
        Ok(self.store.take(kind, key, now).await?.and_then(|record| self.open(kind, &record)))
    }

    /// Deletes a record; does nothing where there is none.
    pub async fn delete(&self, kind: RecordKind, key: Digest) -> StoreResult<()> {
        self.store.delete(kind, key).await
    }

    /// The values of an account's records, at most 200.
    pub async fn of_owner<T: DeserializeOwned>(
        &self,
        kind: RecordKind,
        owner: UserId,
        now: Timestamp,
    ) -> StoreResult<Vec<T>> {
        let records = self.store.of_owner(kind, owner, now).await?;
        Ok(records.iter().filter_map(|record| self.open(kind, record)).collect())
    }

    /// A record that does not open is as good as none: it was sealed under another key, moved, changed, or written by another version.
    fn open<T: DeserializeOwned>(&self, kind: RecordKind, record: &SealedRecord) -> Option<T> {
        let opened = self.sealer.unseal(&binding(kind, record.key), &record.value);
        let value = opened.and_then(|plain| serde_json::from_slice(&plain).ok());
        if value.is_none() {
            tracing::warn!(kind = kind.as_str(), "a sealed record could not be opened");
        }
        value
    }
}

/// What a value is sealed to: moved to another kind or key it does not open.
fn binding(kind: RecordKind, key: Digest) -> Vec<u8> {
    [kind.as_str().as_bytes(), &[0], key.as_bytes()].concat()
}
