//! What is remembered as a whole: read once for all callers, however many there are.
//!
//! Owns that, and not once for each thing that is looked for in it. Leaves when what was read still counts to the cache.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex as Turn;

use super::{Remembered, fresh};
use crate::store::{StoreError, StoreResult};

/// What is remembered.
pub(super) struct Whole<T> {
    known: ArcSwapOption<Remembered<Arc<T>>>,
    /// Held by the one who reads; the others wait for what comes of it.
    turn: Arc<Turn<()>>,
}

impl<T> Default for Whole<T> {
    fn default() -> Self {
        Self { known: ArcSwapOption::empty(), turn: Arc::default() }
    }
}

impl<T: Send + Sync + 'static> Whole<T> {
    /// What was read in this epoch.
    fn of(&self, epoch: u64) -> Option<Arc<T>> {
        fresh(self.known.load().as_deref().cloned(), epoch)
    }

    /// What it is: as it was read in this epoch where that is `trusted`, or else as `reading` finds it. That is done in a task of its own: a caller that gives
    /// up waiting does not leave the next one to begin anew.
    pub(super) async fn get<F>(
        self: &Arc<Self>,
        (epoch, trusted): (u64, bool),
        reading: impl Fn() -> F,
    ) -> StoreResult<Arc<T>>
    where
        F: Future<Output = StoreResult<T>> + Send + 'static,
    {
        loop {
            if let Some(known) = self.of(epoch).filter(|_| trusted) {
                return Ok(known);
            }
            let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() else {
                drop(self.turn.lock().await);
                continue;
            };
            let (whole, reading) = (Arc::clone(self), reading());
            let read = tokio::spawn(async move {
                let read = Arc::new(reading.await?);
                whole.known.store(Some(Arc::new(Remembered(epoch, Arc::clone(&read)))));
                drop(turn);
                Ok(read)
            });
            return read.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())));
        }
    }
}
