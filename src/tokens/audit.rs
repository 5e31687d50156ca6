//! What the audit log learns about codes and tokens.

use std::net::IpAddr;

use super::TokenService;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::client::ClientId;
use crate::model::grant::Grant;
use crate::store::{Change, StoreResult};
use crate::support::id::AuditEventId;

/// Something that happened to a grant.
#[derive(Clone, Copy, Debug)]
pub struct Incident<'a> {
    /// What the entry is about.
    pub kind: AuditKind,
    /// The grant that it happened to.
    pub grant: &'a Grant,
    /// The client that caused it.
    pub by: &'a ClientId,
    /// The address that the request came from.
    pub address: IpAddr,
}

/// Commits changes together with the record of why. Nothing happens without its record.
pub async fn record(tokens: &TokenService, incident: Incident<'_>, mut changes: Vec<Change>) -> StoreResult<()> {
    let now = tokens.now();
    let Incident { kind, grant, by, .. } = incident;
    // An app that signs its end-user out gives its tokens back: RFC 7009 section 2. Everything else is a sign of theft.
    if kind == AuditKind::TokenRevoked {
        tracing::info!(?kind, client = %by, grant = %grant.id, "a client revoked its token");
    } else {
        tracing::warn!(?kind, client = %by, grant = %grant.id, "token incident");
    }
    changes.push(Change::Audit(AuditEvent {
        id: AuditEventId::new(now, tokens.random.as_ref()),
        at: now,
        kind: incident.kind,
        actor: Actor::Client(incident.by.clone()),
        user: Some(incident.grant.user),
        client: Some(incident.grant.client.clone()),
        address: Some(incident.address.to_string()),
        detail: Some(incident.grant.id.to_string()),
    }));
    tokens.stores.work.commit(changes).await
}
