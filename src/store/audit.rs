//! The audit log.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::audit_event::AuditEvent;
use crate::support::Timestamp;
use crate::support::id::AuditEventId;

/// Reads and shortens the audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Entries, the newest first, before `before`.
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>>;
    /// Deletes the entries from before an instant, and all but the newest `keep`, a bounded number at a time; says how many went.
    async fn forget(&self, before: Timestamp, keep: u64) -> StoreResult<u64>;
}
