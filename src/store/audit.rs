//! The audit log.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::audit_chain::{Chain, Link};
use crate::model::audit_event::AuditEvent;
use crate::model::audit_filter::AuditFilter;
use crate::support::id::AuditEventId;

/// Some entries of the audit log, the newest first.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// The entries.
    pub events: Vec<AuditEvent>,
    /// Where to go on: entries before this one were not looked at. `None` where there are none. A page may be short, or empty, and go on: one look
    /// at the log is bounded, however few of its entries are asked for.
    pub next: Option<AuditEventId>,
}

/// An entry as it is stored, in the chain or on its way there.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// Its id.
    pub id: AuditEventId,
    /// What it says, to the letter.
    pub document: String,
    /// Its place in the chain; `None` where it has none yet.
    pub link: Option<Link>,
    /// What became of the columns that it is found by.
    pub index: EntryIndex,
}

/// Whether the columns that an entry is found by say what it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryIndex {
    /// They do.
    Right,
    /// They were never filled in: a release that knew of no chain wrote the entry.
    Absent,
    /// They say something else.
    Wrong,
}

/// The chain, and the seal that was put on it; no seal where there is no chain yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedChain {
    /// The chain.
    pub chain: Chain,
    /// Its seal.
    pub seal: String,
}

/// Reads and shortens the audit log, and keeps its chain. Entries are added by the unit of work that they tell of.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Entries that a filter asks for, the newest first, before `before`.
    async fn find(&self, filter: &AuditFilter, before: Option<AuditEventId>, limit: u32) -> StoreResult<AuditPage>;

    /// Entries, whichever they are, the newest first, before `before`.
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>> {
        let AuditPage { events, next } = self.find(&AuditFilter::default(), before, limit).await?;
        Ok(Page { items: events, more: next.is_some() })
    }

    /// The chain.
    async fn chain(&self) -> StoreResult<SealedChain>;
    /// Entries that are not in the chain yet, the oldest first.
    async fn unsealed(&self, limit: u32) -> StoreResult<Vec<StoredEntry>>;
    /// Entries of the chain in its order, after a place.
    async fn chained(&self, after: u64, limit: u32) -> StoreResult<Vec<StoredEntry>>;
    /// Gives entries their places, if the chain is still as it `was`; says whether it was.
    async fn seal(&self, was: &SealedChain, is: &SealedChain, entries: Vec<StoredEntry>) -> StoreResult<bool>;
    /// Deletes the entries of the chain up to its new anchor, if the chain is still as it `was`; says how many, or `None` where it was not.
    async fn cut(&self, was: &SealedChain, is: &SealedChain) -> StoreResult<Option<u64>>;
}
