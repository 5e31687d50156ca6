//! What happens between two steps of the server: stores in which something else comes first, or that fail at a chosen moment.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use haechi::store::{Change, RecordKind, RecordStore, SealedRecord, StoreError, StoreResult, Stores, UnitOfWork};
use haechi::support::id::UserId;
use haechi::support::{Digest, Timestamp};

/// What comes first, once.
type First = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Which calls it comes before.
#[derive(Clone, Copy)]
pub enum Before {
    /// A unit of work with such a change.
    Commit(fn(&Change) -> bool),
    /// Writing a session down.
    SavingASession,
    /// Writing a new session down: that fails then, once.
    LosingASession,
    /// Looking for the sessions of an account: that fails then, once.
    ListingSessions,
}

/// Something that waits for its moment.
#[derive(Clone, Default)]
pub struct Between(Arc<Mutex<Option<(Before, First)>>>);

impl Between {
    /// From now on, `first` comes before the next call of this kind.
    pub fn put(&self, before: Before, first: impl Future<Output = ()> + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((before, Box::pin(first)));
    }

    /// Whether its moment came.
    pub fn came(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// The stores with this in between.
    pub fn around(&self, stores: &Stores) -> Stores {
        let (work, records) = (stores.work.clone(), stores.records.clone());
        let between = Arc::new(Around { work, records, between: self.clone() });
        Stores { work: between.clone(), records: between, ..stores.clone() }
    }

    /// Lets it happen, if this is its moment; says whether it was.
    async fn happen(&self, is: impl Fn(Before) -> bool) -> bool {
        let taken = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.as_ref().is_some_and(|(before, _)| is(*before)) { waiting.take() } else { None }
        };
        match taken {
            Some((_, first)) => {
                first.await;
                true
            }
            None => false,
        }
    }
}

struct Around {
    work: Arc<dyn UnitOfWork>,
    records: Arc<dyn RecordStore>,
    between: Between,
}

#[async_trait]
impl UnitOfWork for Around {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        self.between.happen(|before| matches!(before, Before::Commit(of) if changes.iter().any(of))).await;
        self.work.commit(changes).await
    }
}

#[async_trait]
impl RecordStore for Around {
    async fn put(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<()> {
        let session = kind == RecordKind::Session;
        self.between.happen(|before| session && matches!(before, Before::SavingASession)).await;
        if self.between.happen(|before| session && matches!(before, Before::LosingASession)).await {
            return Err(StoreError::Unavailable("away for a moment".to_owned()));
        }
        self.records.put(kind, record, now).await
    }

    async fn renew(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<bool> {
        let session = kind == RecordKind::Session;
        self.between.happen(|before| session && matches!(before, Before::SavingASession)).await;
        self.records.renew(kind, record, now).await
    }

    async fn get(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        self.records.get(kind, key, now).await
    }

    async fn take(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        self.records.take(kind, key, now).await
    }

    async fn delete(&self, kind: RecordKind, key: Digest) -> StoreResult<()> {
        self.records.delete(kind, key).await
    }

    async fn of_owner(&self, kind: RecordKind, owner: UserId, now: Timestamp) -> StoreResult<Vec<SealedRecord>> {
        if self.between.happen(|before| matches!(before, Before::ListingSessions)).await {
            return Err(StoreError::Unavailable("away for a moment".to_owned()));
        }
        self.records.of_owner(kind, owner, now).await
    }

    async fn ping(&self) -> StoreResult<()> {
        self.records.ping().await
    }
}
