//! How far a database is known to be committed, noted outside of it: so that one which lost commits can be told from one that did not.

use async_trait::async_trait;

use super::StoreResult;
use crate::support::Timestamp;

/// A state of the database that is known to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Which database it is: [`ServerIdentity::instance`](super::ServerIdentity::instance).
    pub instance: String,
    /// Its mark.
    pub mark: u64,
    /// When it was committed, at the latest.
    pub at: Timestamp,
}

impl Noted {
    /// Whether this says all that `other` says.
    pub fn covers(&self, other: &Self) -> bool {
        self.instance == other.instance && self.mark >= other.mark
    }
}

/// Remembers, outside the database, the newest state of it that is known to be committed.
#[async_trait]
pub trait MarkStore: Send + Sync {
    /// What was noted last; `None` where nothing is known.
    async fn noted(&self) -> StoreResult<Option<Noted>>;
    /// Notes a state, unless what is noted covers it.
    async fn note(&self, noted: &Noted) -> StoreResult<()>;
    /// Puts the state that the database fell back to in place of what was noted. Of several that find that out, one is told that it was the
    /// first.
    async fn fall_back(&self, from: &Noted, to: Option<&Noted>) -> StoreResult<bool>;
}
