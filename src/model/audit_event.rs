//! The record of what happened: who did what to whom.

use serde::{Deserialize, Serialize};

use super::client::ClientId;
use crate::support::id::{AuditEventId, UserId};
use crate::support::{Random, Timestamp};

/// What an entry of the audit log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum AuditKind {
    ServerClaimed,
    IssuerChanged,
    EverythingEnded,
    CommitsLost,
    UserCreated,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserDeleted,
    PasswordChanged,
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionsRevoked,
    ConsentGiven,
    ConsentWithdrawn,
    ClientCreated,
    ClientChanged,
    ClientDisabled,
    ClientEnabled,
    ClientDeleted,
    ClientSecretRotated,
    CodeReplayed,
    CodeBurned,
    RefreshTokenReused,
    TokenRevoked,
    KeysRotated,
    ConnectionCreated,
    ConnectionChanged,
    ConnectionEnabled,
    ConnectionDisabled,
    ConnectionDeleted,
    ConnectionSecretRotated,
    UpstreamLinked,
    UpstreamUnlinked,
    UpstreamTokensRead,
    RedirectUriMismatch,
}

/// Who caused an entry of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A caller that is not known.
    Anonymous,
    /// Haechi itself, such as its housekeeping.
    System,
    /// An operator at the command line.
    Operator,
    /// A signed-in account.
    User(UserId),
    /// An authenticated client.
    Client(ClientId),
}

/// One entry of the audit log. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Sorts by the time of the entry.
    pub id: AuditEventId,
    /// When it happened, by the clock of the node that wrote it.
    pub at: Timestamp,
    /// What the entry is about.
    pub kind: AuditKind,
    /// On whose behalf it happened.
    pub actor: Actor,
    /// The account that it happened to.
    pub user: Option<UserId>,
    /// The client that it happened to.
    pub client: Option<ClientId>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// A few more words, without secrets.
    pub detail: Option<String>,
}

impl AuditEvent {
    /// An entry about something that happens now.
    pub fn new(kind: AuditKind, actor: Actor, now: Timestamp, random: &dyn Random) -> Self {
        let id = AuditEventId::new(now, random);
        Self { id, at: now, kind, actor, user: None, client: None, address: None, detail: None }
    }

    /// It happened to this account.
    #[must_use]
    pub fn to_user(self, user: UserId) -> Self {
        Self { user: Some(user), ..self }
    }

    /// It happened to this client.
    #[must_use]
    pub fn to_client(self, client: ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    /// It was asked for from this address.
    #[must_use]
    pub fn from_address(self, address: std::net::IpAddr) -> Self {
        Self { address: Some(address.to_string()), ..self }
    }

    /// A few more words about it, without secrets.
    #[must_use]
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}
