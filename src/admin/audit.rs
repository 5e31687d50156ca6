//! Reading the audit log.

use super::{Administration, Authority, Permission, Rejected};
use crate::model::AuditEvent;
use crate::store::Page;
use crate::support::id::AuditEventId;

/// Entries, the newest first, before `before`.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    before: Option<AuditEventId>,
    limit: u32,
) -> Result<Page<AuditEvent>, Rejected> {
    authority.require(Permission::ReadAudit)?;
    Ok(admin.stores().audit.list(before, limit).await?)
}
