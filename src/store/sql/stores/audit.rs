//! The audit log.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::audit_event::AuditEvent;
use crate::store::sql::statements::audit_event::{self, ForgetEntries};
use crate::store::{AuditLog, Page, StoreResult};
use crate::support::Timestamp;
use crate::support::id::AuditEventId;

#[async_trait]
impl AuditLog for SqlStore {
    async fn list(&self, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>> {
        audit_event::list(&self.read, before, limit).await
    }

    async fn forget(&self, before: Timestamp, keep: u64) -> StoreResult<u64> {
        let too_old = AuditEventId::least_at(before);
        let mut gone = self.sweep(|| ForgetEntries { before: too_old }).await?;
        if let Some(oldest) = audit_event::oldest_of(&self.read, keep).await? {
            gone += self.sweep(|| ForgetEntries { before: oldest }).await?;
        }
        Ok(gone)
    }
}
