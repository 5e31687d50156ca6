//! A webhook as a document, and the messages to it.

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder};

use crate::admin::clients::SecretView;
use crate::admin::document::{Document, never_shown};
use crate::model::audit_entry;
use crate::model::audit_event::AuditKind;
use crate::model::webhook::{Message, Webhook};
use crate::support::clock::rfc3339;
use crate::support::id::MessageId;
use crate::support::{Secret, Timestamp};

/// A webhook as a document. A field that is not there keeps its value, or has its default in a new webhook. Fields that only the server sets may be
/// there as long as they say what is so; in a new webhook they are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookResource {
    /// Its id. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What files know it by (`haechi export`): 1 to 40 characters of a-z 0-9 -. A new one without a name is called after the host of its URL. It never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is told, by a POST of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The kinds of entries of the audit log that it is told of; empty for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = list_of_kinds)]
    pub kinds: Option<Vec<AuditKind>>,
    /// Whether it is told anything. A new one is; later `enable` and `disable` change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Standard Webhooks: `whsec_` and base64. A secret that the receiver of a new webhook has already; without one it gets one. Read and never shown.
    #[serde(skip_serializing_if = "never_shown::always", serialize_with = "never_shown::serialize")]
    #[schema(value_type = Option<String>, write_only, default = json!(null))]
    pub secret: Option<Secret<String>>,
    /// That there are secrets, the newest first, never what they are. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<SecretView>>,
    /// When it was made, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it last changed, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

fn list_of_kinds() -> Array {
    ArrayBuilder::new().items(audit_entry::kinds()).build()
}

impl Document for WebhookResource {
    const SECRETS: &'static [&'static str] = &["secret"];

    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl From<&Webhook> for WebhookResource {
    fn from(webhook: &Webhook) -> Self {
        // Of one from before there were names its id makes one.
        let Webhook {
            id,
            name: _,
            url,
            description,
            kinds,
            enabled,
            secrets,
            managed_by,
            created_at,
            updated_at,
            version,
        } = webhook;
        Self {
            id: Some(id.to_string()),
            name: Some(webhook.known_as()),
            url: Some(url.clone()),
            description: Some(description.clone()),
            kinds: Some(kinds.clone()),
            enabled: Some(*enabled),
            secret: None,
            secrets: Some(secrets.iter().map(SecretView::from).collect()),
            managed_by: managed_by.as_ref().map(ToString::to_string),
            created_at: Some(created_at.to_string()),
            updated_at: Some(updated_at.to_string()),
            version: Some(*version),
        }
    }
}

/// A message to a webhook as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView<'a> {
    /// Its id: the header `webhook-id`.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// What it tells of, or `test`.
    pub kind: &'a str,
    /// `waiting`, `delivered`, or `failed` after the last attempt.
    pub state: &'static str,
    /// How often it was sent.
    pub attempts: u32,
    /// When it came about.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it is sent, where it waits.
    pub next_at: Option<String>,
    /// When it was sent last.
    pub last_at: Option<String>,
    /// The status that was answered then.
    pub last_status: Option<u16>,
    /// Why nothing was answered then.
    pub last_problem: Option<&'a str>,
    /// What is sent, to the letter.
    pub body: &'a str,
}

impl<'a> From<&'a Message> for MessageView<'a> {
    fn from(message: &'a Message) -> Self {
        let Message { id, webhook: _, kind, body, state, attempts, created_at, next_at, last } = message;
        let waits = *state == crate::model::webhook::MessageState::Waiting;
        Self {
            id: *id,
            kind,
            state: state.as_str(),
            attempts: *attempts,
            created_at: *created_at,
            next_at: waits.then(|| next_at.to_string()),
            last_at: last.as_ref().map(|last| last.at.to_string()),
            last_status: last.as_ref().and_then(|last| last.status),
            last_problem: last.as_ref().and_then(|last| last.problem.as_deref()),
            body,
        }
    }
}
