//! The record of what happened: who did what to whom.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use super::audit_kind::{AuditKind, AuditOutcome};
use super::client::ClientId;
use crate::support::id::{AffiliationId, ApiId, AuditEventId, ConnectionId, KeyId, SignInId, UserId, WebhookId};
use crate::support::{Random, Request, Timestamp};

/// What an entry says of an account whose ways in went with the first proof of its address by mail: somebody else may have prepared them.
pub const PREPARED_ENDED: &str = "its ways in of before ended";

/// Who caused an entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A text that names no one, or nothing, in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotNamed;

impl FromStr for Actor {
    type Err = NotNamed;

    /// Its word, or the id of the account or of the client.
    fn from_str(text: &str) -> Result<Self, NotNamed> {
        match text {
            "anonymous" => Ok(Self::Anonymous),
            "system" => Ok(Self::System),
            "operator" => Ok(Self::Operator),
            id => match id.parse() {
                Ok(user) => Ok(Self::User(user)),
                Err(_) => ClientId::parse(id).map(Self::Client).map_err(|_| NotNamed),
            },
        }
    }
}

/// What an entry of the audit log happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum AuditTarget {
    /// The server as a whole.
    Server,
    /// An account.
    User(UserId),
    /// A client.
    Client(ClientId),
    /// A connection to an upstream provider.
    Connection(ConnectionId),
    /// A signing key.
    Key(KeyId),
    /// One sign-in of an account.
    Session(SignInId),
    /// An address that is told what happens.
    Webhook(WebhookId),
    /// A declared API.
    Api(ApiId),
    /// A group, or a role in apps.
    Affiliation(AffiliationId),
    /// A declared custom attribute, by its name.
    Attribute(String),
    /// A claim rule, by its name.
    ClaimRule(String),
}

/// What stands before the name of a thing that has no id. No id has a colon.
const ATTRIBUTE: &str = "attribute:";
const CLAIM_RULE: &str = "claim_rule:";

impl AuditTarget {
    /// What kind of thing it is: `user`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::User(_) => "user",
            Self::Client(_) => "client",
            Self::Connection(_) => "connection",
            Self::Key(_) => "key",
            Self::Session(_) => "session",
            Self::Webhook(_) => "webhook",
            Self::Api(_) => "api",
            Self::Affiliation(_) => "affiliation",
            Self::Attribute(_) => "attribute",
            Self::ClaimRule(_) => "claim_rule",
        }
    }
}

impl fmt::Display for AuditTarget {
    /// The id, which says what it is of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => f.write_str("server"),
            Self::User(id) => id.fmt(f),
            Self::Client(id) => f.write_str(id.as_str()),
            Self::Connection(id) => id.fmt(f),
            Self::Key(id) => id.fmt(f),
            Self::Session(id) => id.fmt(f),
            Self::Webhook(id) => id.fmt(f),
            Self::Api(id) => id.fmt(f),
            Self::Affiliation(id) => id.fmt(f),
            Self::Attribute(name) => write!(f, "{ATTRIBUTE}{name}"),
            Self::ClaimRule(name) => write!(f, "{CLAIM_RULE}{name}"),
        }
    }
}

impl FromStr for AuditTarget {
    type Err = NotNamed;

    /// As it is shown.
    fn from_str(text: &str) -> Result<Self, NotNamed> {
        if text == "server" {
            return Ok(Self::Server);
        }
        let named = |prefix: &str| text.strip_prefix(prefix).filter(|name| !name.is_empty()).map(str::to_owned);
        let by_name = named(ATTRIBUTE).map(Self::Attribute).or_else(|| named(CLAIM_RULE).map(Self::ClaimRule));
        let user = text.parse().ok().map(Self::User);
        let connection = || text.parse().ok().map(Self::Connection);
        let key = || text.parse().ok().map(Self::Key);
        let session = || text.parse().ok().map(Self::Session);
        let webhook = || text.parse().ok().map(Self::Webhook);
        let api = || text.parse().ok().map(Self::Api);
        let affiliation = || text.parse().ok().map(Self::Affiliation);
        let client = || ClientId::parse(text).ok().map(Self::Client);
        let known = user.or_else(connection).or_else(key).or_else(session).or_else(webhook).or_else(api);
        known.or_else(affiliation).or(by_name).or_else(client).ok_or(NotNamed)
    }
}

impl fmt::Display for Actor {
    /// Its word, or its id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::System => f.write_str("system"),
            Self::Operator => f.write_str("operator"),
            Self::User(id) => id.fmt(f),
            Self::Client(id) => f.write_str(id.as_str()),
        }
    }
}

/// One entry of the audit log. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What else it happened to: a connection, a key, one sign-in, the server.
    #[serde(default)]
    pub target: Option<AuditTarget>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// The id of the request, as its answer and the log said it; `None` where no request caused it.
    #[serde(default)]
    pub request: Option<String>,
    /// A few more words, without secrets.
    pub detail: Option<String>,
}

impl AuditEvent {
    /// An entry about something that happens now, on behalf of the request that is being answered, where one is.
    pub fn new(kind: AuditKind, actor: Actor, now: Timestamp, random: &dyn Random) -> Self {
        let request = Request::current();
        Self {
            id: AuditEventId::new(now, random),
            at: now,
            kind,
            actor,
            user: None,
            client: None,
            target: None,
            address: request.map(|request| request.address.to_string()),
            request: request.map(|request| request.id.to_string()),
            detail: None,
        }
    }

    /// The entry as it is stored.
    pub fn document(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(self)
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

    /// It happened to this, which is neither an account nor a client.
    #[must_use]
    pub fn to(self, target: AuditTarget) -> Self {
        Self { target: Some(target), ..self }
    }

    /// A few more words about it, without secrets.
    #[must_use]
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// What it happened to: what it names itself, or else the account, or else the client.
    pub fn happened_to(&self) -> Option<AuditTarget> {
        let user = || self.user.map(AuditTarget::User);
        let client = || self.client.clone().map(AuditTarget::Client);
        self.target.clone().or_else(user).or_else(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_and_what_are_read_as_they_are_shown() {
        let (now, random) = (Timestamp::from_seconds(1), crate::support::SeededRandom::new(1));
        let (user, client) = (UserId::new(now, &random), ClientId::parse("shop").unwrap());
        let actors =
            [Actor::Anonymous, Actor::System, Actor::Operator, Actor::User(user), Actor::Client(client.clone())];
        for actor in actors {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        let targets = [
            AuditTarget::Server,
            AuditTarget::User(user),
            AuditTarget::Client(client),
            AuditTarget::Connection(ConnectionId::new(now, &random)),
            AuditTarget::Key(KeyId::new(now, &random)),
            AuditTarget::Session(SignInId::new(now, &random)),
            AuditTarget::Webhook(WebhookId::new(now, &random)),
            AuditTarget::Api(ApiId::new(now, &random)),
            AuditTarget::Affiliation(AffiliationId::new(now, &random)),
            AuditTarget::Attribute("level".to_owned()),
            AuditTarget::ClaimRule("access".to_owned()),
        ];
        for target in targets {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
        assert_eq!("not an id".parse::<Actor>(), Err(NotNamed));
    }
}
