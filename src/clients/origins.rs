//! The origins of every client that may be used: which pages may read answers before it is known who calls.
//!
//! Owns that they are read once for all callers, and not once for each origin that one of them names: a header is a stranger's text, and a new
//! one in every request must not have the store look through its clients again. Leaves when what was read still counts to the cache.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Mutex as Turn;

use super::Remembered;
use crate::store::{ClientStore, StoreError, StoreResult};

/// A set of origins.
pub(super) type OriginSet = Arc<BTreeSet<String>>;

/// What is remembered of them.
#[derive(Default)]
pub(super) struct Origins {
    known: Mutex<Option<Remembered<OriginSet>>>,
    /// Held by the one who reads; the others wait for what comes of it.
    turn: Arc<Turn<()>>,
}

impl Origins {
    /// What was read in this epoch.
    pub(super) fn of(&self, epoch: u64) -> Option<OriginSet> {
        super::fresh(self.known.lock().unwrap_or_else(PoisonError::into_inner).clone(), epoch)
    }

    /// Reads them, where nobody has meanwhile who is to be trusted. It is done in a task of its own: a caller that gives up waiting does
    /// not leave the next one to begin anew.
    pub(super) async fn read(
        self: &Arc<Self>,
        store: &Arc<dyn ClientStore>,
        epoch: u64,
        trusted: bool,
    ) -> StoreResult<OriginSet> {
        loop {
            if let Some(known) = self.of(epoch).filter(|_| trusted) {
                return Ok(known);
            }
            let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() else {
                drop(self.turn.lock().await);
                continue;
            };
            let (origins, store) = (Arc::clone(self), Arc::clone(store));
            let reading = tokio::spawn(async move {
                let read: OriginSet = Arc::new(store.origins().await?);
                origins.keep(Remembered(epoch, Arc::clone(&read)));
                drop(turn);
                Ok(read)
            });
            return reading.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())));
        }
    }

    fn keep(&self, read: Remembered<OriginSet>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
    }
}
