//! What is noted of the database outside of it: SQLite in the file beside it, by every commit; PostgreSQL in this process, as long as that lives.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::db::mark_file::MarkFile;
use crate::store::{MarkStore, Noted, StoreError, StoreResult};

/// Where it is noted.
#[derive(Debug)]
pub(super) enum Marks {
    File(Arc<MarkFile>),
    Memory(Mutex<Option<Noted>>),
}

impl Default for Marks {
    fn default() -> Self {
        Self::Memory(Mutex::new(None))
    }
}

impl SqlStore {
    /// Forgets what was noted of a database that is deleted on purpose.
    pub fn forget_mark(&self) {
        match &self.marks {
            Marks::File(file) => file.remove(),
            Marks::Memory(noted) => *noted.lock().unwrap_or_else(PoisonError::into_inner) = None,
        }
    }
}

#[async_trait]
impl MarkStore for SqlStore {
    async fn noted(&self) -> StoreResult<Option<Noted>> {
        Ok(match &self.marks {
            Marks::File(file) => file.read(),
            Marks::Memory(noted) => noted.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }

    async fn note(&self, noted: &Noted) -> StoreResult<()> {
        match &self.marks {
            Marks::File(file) => file.note(noted),
            Marks::Memory(memory) => {
                let mut there = memory.lock().unwrap_or_else(PoisonError::into_inner);
                if !there.as_ref().is_some_and(|it| it.covers(noted)) {
                    *there = Some(noted.clone());
                }
            }
        }
        Ok(())
    }

    async fn fall_back(&self, from: &Noted, to: Option<&Noted>) -> StoreResult<bool> {
        match &self.marks {
            // What was written since the start is noted already, so the file may say something else by now.
            Marks::File(file) => {
                let replaced = file.replace(to).map_err(|error| StoreError::Unavailable(error.to_string()));
                replaced.map(|()| true)
            }
            Marks::Memory(memory) => {
                let mut there = memory.lock().unwrap_or_else(PoisonError::into_inner);
                let is_first = there.as_ref() == Some(from);
                if is_first {
                    *there = to.cloned();
                }
                Ok(is_first)
            }
        }
    }
}
