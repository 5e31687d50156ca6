//! Webhooks: addresses that are told what happens, and what was told to them.

use serde::{Deserialize, Serialize};

use super::audit_kind::AuditKind;
use super::connection::SealedSecret;
use super::manager::Manager;
use super::slug::Slug;
use crate::support::Timestamp;
use crate::support::id::{MessageId, WebhookId};

/// An address that is told what happens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// The name that it has in files. It never changes; one from before there were names has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Slug>,
    /// Where it is told.
    pub url: String,
    /// What it is for, in the words of who made it.
    pub description: String,
    /// What it is told of; of everything where this is empty.
    pub kinds: Vec<AuditKind>,
    /// Whether it is told anything now.
    pub enabled: bool,
    /// What messages are signed with, the newest first.
    pub secrets: Vec<SealedSecret>,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

impl Webhook {
    /// The name that it is known by in files: its own, or what its id makes of it.
    pub fn known_as(&self) -> String {
        self.name.as_ref().map_or_else(|| self.id.to_string().replace('_', "-"), Slug::to_string)
    }

    /// Whether it is told of entries of this kind.
    pub fn wants(&self, kind: AuditKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// It is yet to be told, for the first time or again.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was not, and is not tried any more.
    Failed,
}

impl MessageState {
    /// Every state.
    pub const ALL: &[Self] = &[Self::Waiting, Self::Delivered, Self::Failed];

    /// The name that is stored and shown: `waiting`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// A message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id, the same however often it is sent: by it a receiver knows it again.
    pub id: MessageId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// What it tells of, or `test`.
    pub kind: String,
    /// What is sent, to the letter.
    pub body: String,
    /// What became of it.
    pub state: MessageState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it came about.
    pub created_at: Timestamp,
    /// From when on it is sent, where it waits.
    pub next_at: Timestamp,
    /// How the last attempt went.
    pub last: Option<Attempt>,
}

/// How sending a message went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was sent.
    pub at: Timestamp,
    /// The status that was answered; `None` where nothing was.
    pub status: Option<u16>,
    /// Why nothing was.
    pub problem: Option<String>,
}

impl Message {
    /// A message that came about now, and is yet to be sent.
    pub const fn new(id: MessageId, webhook: WebhookId, kind: String, body: String, now: Timestamp) -> Self {
        Self {
            id,
            webhook,
            kind,
            body,
            state: MessageState::Waiting,
            attempts: 0,
            created_at: now,
            next_at: now,
            last: None,
        }
    }
}
