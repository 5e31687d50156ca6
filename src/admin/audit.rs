//! Reading the record of what happened.

use super::Administration;
use crate::model::AuditEvent;
use crate::store::{Page, StoreResult};
use crate::support::id::AuditEventId;

/// Entries, the newest first, before `before`.
pub async fn list(admin: &Administration, before: Option<AuditEventId>, limit: u32) -> StoreResult<Page<AuditEvent>> {
    admin.stores().audit.list(before, limit).await
}
