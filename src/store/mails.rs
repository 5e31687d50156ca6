//! The outbox.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::mail::{Mail, MailCounts, MailQuery};
use crate::support::Timestamp;
use crate::support::id::MailId;

/// The most mails that wait while further notices are made of the audit log, which keeps what comes after them until there is room. What people ask for
/// themselves is bounded by how often they may ask.
pub const MOST_MAILS_WAITING: u64 = 10_000;

/// Keeps the mails that are to be sent, and for some days what became of them. Mails are put in by the units of work that they tell of.
///
/// Notices come from the audit log: there is one place in its chain, which moves on together with the notices that were made of the entries before it, so
/// that every entry becomes one notice and no more, whichever nodes stop or start meanwhile.
#[async_trait]
pub trait MailStore: Send + Sync {
    /// Up to which place of the audit log's chain there are notices; `None` where the chain has not gone on, or too many mails wait.
    async fn behind(&self) -> StoreResult<Option<u64>>;
    /// Moves the place from `was` to `is` and adds the notices between; says whether it was `was`.
    async fn pass_on(&self, was: u64, is: u64, notices: Vec<Mail>) -> StoreResult<bool>;
    /// Mails that are to be sent now, those that have waited longest first.
    async fn due(&self, now: Timestamp, limit: u32) -> StoreResult<Vec<Mail>>;
    /// Takes a mail for one attempt: counts it, and puts the next one off until `until`, when it would be due should this attempt never end. Says whether
    /// it was there as it is here, which only one of many learns.
    async fn take(&self, mail: &Mail, until: Timestamp) -> StoreResult<bool>;
    /// Notes what became of a mail that was taken; an attempt that ended after the next one began is passed over.
    async fn note(&self, mail: &Mail) -> StoreResult<()>;
    /// The mails that are asked for, the newest first, before `before`.
    async fn list(&self, query: &MailQuery, before: Option<MailId>, limit: u32) -> StoreResult<Page<Mail>>;
    /// The mail of this id.
    async fn find(&self, id: MailId) -> StoreResult<Option<Mail>>;
    /// How many wait, and how many were given up.
    async fn counts(&self) -> StoreResult<MailCounts>;
}
