//! The record of what happened: who did what to whom.

use serde::{Deserialize, Serialize};

use super::client::ClientId;
use crate::support::Timestamp;
use crate::support::id::{AuditEventId, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum AuditKind {
    ServerClaimed,
    UserCreated,
    UserChanged,
    UserDisabled,
    UserEnabled,
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
    RedirectUriMismatch,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// Nobody who is known.
    Anonymous,
    /// Haechi itself.
    System,
    /// Somebody at the command line.
    Operator,
    /// A person.
    User(UserId),
    /// A client.
    Client(ClientId),
}

/// One entry of the audit log. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: AuditKind,
    /// Who.
    pub actor: Actor,
    /// To which person.
    pub user: Option<UserId>,
    /// To which client.
    pub client: Option<ClientId>,
    /// From which address.
    pub address: Option<String>,
    /// A few more words, without secrets.
    pub detail: Option<String>,
}
