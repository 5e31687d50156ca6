//! The audit log.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::audit_event::AuditEvent;
use crate::store::sql::statements::audit_event;
use crate::store::{AuditLog, Page, StoreResult};
use crate::support::id::AuditEventId;

#[async_trait]
impl AuditLog for SqlStore {
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>> {
        audit_event::list(&self.read, before, limit).await
    }
}
