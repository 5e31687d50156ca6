//! The audit log.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::audit_event::AuditEvent;
use crate::support::id::AuditEventId;

/// Reads the audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Entries, the newest first, before `before`.
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>>;
}
