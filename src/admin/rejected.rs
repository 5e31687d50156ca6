//! Why something was not done, for every function of [`admin`](super): one enum with stable codes.

use std::fmt;
use std::time::Duration;

use super::{FieldProblem, Permission};
use crate::identity::accounts::AccountRejected;
use crate::keys::KeyError;
use crate::model::client::{ClientId, NotAClientId};
use crate::model::manager::Manager;
use crate::store::{Conflict, StoreError};

/// Why something was not done. Its text is for operators; [`Rejected::code`] is for programs.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(Aggregate),
    /// The authority does not hold this permission; `None` where it is that of an account that may do nothing here.
    #[error("{}", needs(*.0))]
    Forbidden(Option<Permission>),
    /// The account has to prove itself again first.
    #[error("this needs a recent proof of who asks for it")]
    ProofNeeded,
    /// Another one has its unique name already.
    #[error("the {} is taken", .0.unique_name())]
    Taken(Aggregate),
    /// Another request changed it since it was read.
    #[error("another request changed the {0} since this version of it was read: read it again")]
    Stale(Aggregate),
    /// What is wrong with what was sent, field by field.
    #[error("{}", in_lines(.0))]
    Invalid(Vec<FieldProblem>),
    /// The connection's preset does not exist, or no longer does.
    #[error("there is no preset {0}")]
    UnknownPreset(String),
    /// The client is one of the server's own.
    #[error("client ids that begin with {} belong to the server", ClientId::SYSTEM_PREFIX)]
    Reserved,
    /// The client does not authenticate with a secret, so it has none to rotate.
    #[error("the client does not authenticate with a secret")]
    NoSecretUsed,
    /// There are as many as there can be.
    #[error("there are {1} {0}s already")]
    TooMany(Aggregate, usize),
    /// Clients may ask tokens for it.
    #[error("{}", in_use(*.0))]
    InUse(usize),
    /// Files manage it, under this name.
    #[error("the files of {0} manage it: change it there, or release it first (`haechi release`)")]
    Managed(Manager),
    /// No active account would be left to administer the server.
    #[error("the last administrator must stay one")]
    LastAdministrator,
    /// The account would be left with nothing to sign in by.
    #[error("this is the last way in: set a password first")]
    LastWayIn,
    /// A server that has an owner would have none.
    #[error("the last owner must stay one: make another account an owner first")]
    LastOwner,
    /// Nobody who administers the server could sign in to it any more.
    #[error(
        "nobody who owns this server could sign in to it: passwords do not count, so one of them needs a link through a connection that is switched on"
    )]
    LockedOut,
    /// It would delete the account that asks for it.
    #[error("an administrator does not delete the account that they act with")]
    OwnAccount,
    /// It was done before under the name that it was to be done once under.
    #[error("this was done already")]
    Repeated,
    /// The server has, or had, an administrator: no link makes the first one.
    #[error("the server has its administrator already")]
    AlreadyClaimed,
    /// It was asked for too often: it is not done before this has passed.
    #[error("this was asked for too often: try again later")]
    TooOften(Duration),
    /// Too many passwords are being hashed.
    #[error("too many passwords are being hashed: try again")]
    Busy,
    /// The signing keys could not be changed.
    #[error(transparent)]
    Keys(KeyError),
    /// The store did not answer.
    #[error(transparent)]
    Store(StoreError),
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// An account.
    User,
    /// A client.
    Client,
    /// A declared API.
    Api,
    /// A connection to an upstream provider.
    Connection,
    /// A declared attribute of accounts.
    Attribute,
    /// A rule by which apps are told of accounts.
    ClaimRule,
    /// A group of accounts.
    Group,
    /// A role in apps.
    AppRole,
    /// What is decided for the whole server.
    Policy,
    /// An address that is told what happens.
    Webhook,
    /// A message to a webhook.
    Message,
    /// A mail in the outbox.
    Mail,
    /// Who manages one app, or the people in one group.
    Manager,
}

impl Rejected {
    /// What a program tells refusals apart by. A code never changes its meaning.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) | Self::Keys(KeyError::UnknownKey(_)) => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::ProofNeeded => "proof_needed",
            Self::Taken(_) => "taken",
            Self::Stale(_) => "stale",
            Self::Invalid(_) => "invalid",
            Self::UnknownPreset(_) => "unknown_preset",
            Self::Reserved => "reserved",
            Self::NoSecretUsed => "no_secret_used",
            Self::TooMany(..) => "too_many",
            Self::InUse(_) => "in_use",
            Self::Managed(_) => "managed",
            Self::LastAdministrator => "last_administrator",
            Self::LastWayIn => "last_way_in",
            Self::LastOwner => "last_owner",
            Self::LockedOut => "locked_out",
            Self::OwnAccount => "own_account",
            Self::Repeated => "repeated",
            Self::AlreadyClaimed => "already_claimed",
            Self::TooOften(_) => "too_many_requests",
            Self::Busy => "busy",
            Self::Store(StoreError::Unavailable(_)) => "unavailable",
            Self::Keys(KeyError::Contended) => "contended",
            Self::Keys(_) | Self::Store(_) => "internal",
        }
    }

    /// What the store answered to a change of this kind of thing.
    pub(super) fn of_commit(error: StoreError, what: Aggregate) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken) => Self::Taken(what),
            StoreError::Conflict(Conflict::Stale) => Self::Stale(what),
            other => other.into(),
        }
    }

    /// Refuses where anything was found to be wrong.
    pub(super) fn unless_valid(found: Vec<FieldProblem>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Self::Invalid(found)) }
    }
}

impl From<StoreError> for Rejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Ended) => Self::ProofNeeded,
            StoreError::Conflict(Conflict::LastAdministrator) => Self::LastAdministrator,
            StoreError::Conflict(Conflict::LastOwner) => Self::LastOwner,
            StoreError::Conflict(Conflict::LockedOut) => Self::LockedOut,
            StoreError::Conflict(Conflict::AlreadyClaimed) => Self::AlreadyClaimed,
            StoreError::Conflict(Conflict::TokenSpent) => Self::Repeated,
            other => Self::Store(other),
        }
    }
}

impl From<KeyError> for Rejected {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            other => Self::Keys(other),
        }
    }
}

impl From<FieldProblem> for Rejected {
    fn from(problem: FieldProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<AccountRejected> for Rejected {
    fn from(rejected: AccountRejected) -> Self {
        FieldProblem::from(rejected).into()
    }
}

impl From<NotAClientId> for Rejected {
    fn from(rejected: NotAClientId) -> Self {
        FieldProblem::from(rejected).into()
    }
}

impl Aggregate {
    /// What no two of them share.
    const fn unique_name(self) -> &'static str {
        match self {
            Self::User => "e-mail address",
            Self::Client => "client id",
            Self::Api => "resource",
            Self::Connection | Self::Attribute | Self::Group | Self::AppRole => "name",
            Self::ClaimRule => "name or claim",
            // There is one.
            Self::Policy => "policy",
            Self::Webhook | Self::Message | Self::Mail | Self::Manager => "id",
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "account",
            Self::Client => "client",
            Self::Api => "API",
            Self::Connection => "connection",
            Self::Attribute => "attribute",
            Self::ClaimRule => "claim rule",
            Self::Group => "group",
            Self::AppRole => "role",
            Self::Policy => "policy",
            Self::Webhook => "webhook",
            Self::Message => "message",
            Self::Mail => "mail",
            Self::Manager => "manager",
        })
    }
}

fn in_lines(problems: &[FieldProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn in_use(clients: usize) -> String {
    let (clients, each) =
        if clients == 1 { ("1 client".to_owned(), "it") } else { (format!("{clients} clients"), "each") };
    format!(
        "{clients} may ask tokens for it: take it from the resources of {each} first (`haechi apis apps` lists them, `haechi apis remove` does it)"
    )
}

fn needs(permission: Option<Permission>) -> String {
    permission.map_or_else(
        || "this account may do nothing here".to_owned(),
        |permission| format!("this needs the permission {permission}"),
    )
}
