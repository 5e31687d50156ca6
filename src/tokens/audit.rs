//! What the audit log learns about codes and tokens.

use super::TokenService;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::client::ClientId;
use crate::model::grant::Grant;
use crate::store::{Change, StoreResult};

/// Something that happened to a grant.
#[derive(Clone, Copy, Debug)]
pub struct Incident<'a> {
    /// What the entry is about.
    pub kind: AuditKind,
    /// The grant that it happened to.
    pub grant: &'a Grant,
    /// The client that caused it.
    pub by: &'a ClientId,
}

/// Commits changes together with the record of why. Nothing happens without its record.
pub async fn record(tokens: &TokenService, incident: Incident<'_>, mut changes: Vec<Change>) -> StoreResult<()> {
    let now = tokens.now();
    let Incident { kind, grant, by } = incident;
    // An app that signs its end-user out gives its tokens back: RFC 7009 section 2. Everything else is a sign of theft.
    if kind == AuditKind::TokenRevoked {
        tracing::info!(?kind, client = %by, grant = %grant.id, "a client revoked its token");
    } else {
        tracing::warn!(?kind, client = %by, grant = %grant.id, "token incident");
    }
    let event = AuditEvent::new(kind, Actor::Client(by.clone()), now, tokens.random.as_ref());
    changes.push(Change::Audit(event.to_user(grant.user).to_client(grant.client.clone()).saying(grant.id.to_string())));
    tokens.stores.work.commit(changes).await
}
