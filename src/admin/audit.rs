//! Reading the audit log.

use serde::Serialize;

use super::{Administration, Authority, Permission, Rejected};
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind};
use crate::model::client::ClientId;
use crate::store::Page;
use crate::support::Timestamp;
use crate::support::clock::rfc3339;
use crate::support::id::{AuditEventId, UserId};

/// An entry as it is shown: as it is stored, but for its time.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of AuditEvent")]
pub struct AuditEntry<'a> {
    pub id: AuditEventId,
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    pub kind: AuditKind,
    pub actor: &'a Actor,
    pub user: Option<UserId>,
    pub client: Option<&'a ClientId>,
    pub address: Option<&'a str>,
    pub detail: Option<&'a str>,
}

impl<'a> From<&'a AuditEvent> for AuditEntry<'a> {
    fn from(event: &'a AuditEvent) -> Self {
        let AuditEvent { id, at, kind, actor, user, client, address, detail } = event;
        Self {
            id: *id,
            at: *at,
            kind: *kind,
            actor,
            user: *user,
            client: client.as_ref(),
            address: address.as_deref(),
            detail: detail.as_deref(),
        }
    }
}

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
