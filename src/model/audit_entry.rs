//! An entry of the audit log as it is shown, to administrators and to webhooks.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::audit_event::{Actor, AuditEvent, AuditTarget};
use super::audit_kind::{AuditKind, AuditOutcome};
use super::client::ClientId;
use crate::support::Timestamp;
use crate::support::clock::rfc3339;
use crate::support::id::{AuditEventId, UserId};

/// An entry as it is shown: as it is stored, but for its time, with what became of it and what it happened to said outright.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs, reason = "the fields are those of AuditEvent")]
pub struct AuditEntry<'a> {
    #[schema(value_type = String)]
    pub id: AuditEventId,
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub at: Timestamp,
    #[schema(schema_with = kinds)]
    pub kind: AuditKind,
    pub outcome: AuditOutcome,
    #[schema(value_type = Object)]
    pub actor: &'a Actor,
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    #[schema(value_type = Option<String>)]
    pub client: Option<&'a ClientId>,
    #[schema(value_type = Option<Object>)]
    pub target: Option<AuditTarget>,
    pub address: Option<&'a str>,
    pub request: Option<&'a str>,
    pub detail: Option<&'a str>,
}

/// The stable names of the kinds.
pub fn kinds() -> utoipa::openapi::schema::Object {
    let names = AuditKind::ALL.iter().map(|kind| kind.as_str());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

impl<'a> From<&'a AuditEvent> for AuditEntry<'a> {
    fn from(event: &'a AuditEvent) -> Self {
        let AuditEvent { id, at, kind, actor, user, client, target: _, address, request, detail } = event;
        Self {
            id: *id,
            at: *at,
            kind: *kind,
            outcome: kind.outcome(),
            actor,
            user: *user,
            client: client.as_ref(),
            target: event.happened_to(),
            address: address.as_deref(),
            request: request.as_deref(),
            detail: detail.as_deref(),
        }
    }
}
