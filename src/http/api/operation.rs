//! What one operation of the API is: a row of the table.

use axum::routing::MethodRouter;

use crate::admin::Permission;
use crate::admin::declared::MAX_SENT;
use crate::http::AppState;
use crate::http::extract::MAX_BYTES;
use crate::model::logo::MAX_UPLOAD_BYTES;

/// One operation. The routes are made of these, and so is what is said of them.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method: `GET`.
    pub method: &'static str,
    /// The path below the API's, with its parameters in braces.
    pub path: &'static str,
    /// Its name in the document, and in programs that are made of it.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What the caller must be allowed. The function behind it asks for the same.
    pub permission: Permission,
    /// What the caller must be allowed besides.
    pub also: Option<Permission>,
    /// The parameters of its query; others are refused.
    pub parameters: &'static [Parameter],
    /// What is sent with it.
    pub takes: Takes,
    /// What it answers where all is well.
    pub answers: Answers,
    /// Handles it.
    pub(super) handler: fn() -> MethodRouter<AppState>,
}

/// A parameter of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Where a page of a list begins.
    Cursor,
    /// How many entries a page has at most.
    Limit,
    /// What entries must contain.
    Search,
    /// Which members are answered.
    Fields,
    /// Whether it is only tried.
    DryRun,
    /// Whether what came through a connection goes on.
    KeepSessions,
    /// How a file is written.
    Format,
    /// Whether accounts may be used.
    Status,
    /// Whether accounts may be used and administer the server.
    Administers,
    /// The group that accounts are in.
    Group,
    /// The role in apps that accounts have.
    Role,
    /// How accounts are ordered.
    Sort,
    /// What kind of program clients are.
    ClientKind,
    /// How clients are ordered.
    ClientSort,
    /// Whether clients may be used.
    Enabled,
    /// The client whose tokens are shown.
    Client,
    /// The scopes that a client asks for.
    Scope,
    /// The resources that a client asks for, or that APIs are.
    Resource,
    /// What became of mails.
    MailState,
    /// What mails are for.
    MailPurpose,
    /// The account that mails are about.
    MailUser,
    /// How long the spans are that something is counted in.
    Resolution,
    /// What entries of the audit log have in common.
    Audit(AuditParameter),
}

/// A parameter that chooses among the entries of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of AuditFilter")]
pub enum AuditParameter {
    Kind,
    Outcome,
    Actor,
    User,
    Client,
    Target,
    Request,
    Since,
    Until,
}

/// What is sent with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A document of this kind.
    One(Shape),
    /// A merge patch of one: RFC 7396.
    Patch(Shape),
    /// A document, or nothing.
    Optional(Shape),
    /// A picture.
    Picture,
}

impl Takes {
    /// The most bytes of it.
    pub(super) const fn most_bytes(self) -> usize {
        match self {
            Self::Picture => MAX_UPLOAD_BYTES,
            Self::One(Shape::DeclarationSent) => MAX_SENT,
            Self::Nothing | Self::One(_) | Self::Patch(_) | Self::Optional(_) => MAX_BYTES,
        }
    }
}

/// What an operation answers where all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// 200, with a document and its entity tag.
    One(Shape),
    /// 200, with a document that has no versions.
    Unversioned(Shape),
    /// 200, with a page of documents.
    Page(Shape),
    /// 201, with the document that was made.
    Created(Shape),
    /// 200, with a file that is sent as it is read.
    File,
    /// 204.
    Nothing,
}

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the documents")]
pub enum Shape {
    User,
    Memberships,
    Attribute,
    ClaimRule,
    TokenPreview,
    Group,
    Role,
    ImportWanted,
    RowReport,
    Password,
    SignIn,
    SecondFactor,
    ResetWanted,
    Link,
    Passkey,
    Manager,
    AppAccess,
    Consent,
    Client,
    Api,
    SecretWanted,
    Problem,
    RecentLogins,
    Connection,
    ConnectionSecret,
    Place,
    SignInPolicy,
    Branding,
    Key,
    SigningPolicy,
    KeyGiven,
    ImportedKey,
    RotationWanted,
    Rotation,
    AuditEntry,
    AuditVerdict,
    Webhook,
    Message,
    Invitation,
    Mail,
    MailTestWanted,
    MailTest,
    Declaration,
    DeclarationSent,
    Step,
    Setting,
    SetupCheck,
    Production,
    Standings,
    Attention,
    Count,
    Series,
    Preset,
    Recipe,
}

impl Parameter {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Limit => "limit",
            Self::Search => "search",
            Self::Fields => "fields",
            Self::DryRun => "dry_run",
            Self::KeepSessions => "keep_sessions",
            Self::Format => "format",
            Self::Status => "status",
            Self::Administers => "administers",
            Self::Group => "group",
            Self::Role => "role",
            Self::Sort | Self::ClientSort => "sort",
            Self::ClientKind | Self::Audit(AuditParameter::Kind) => "kind",
            Self::Enabled => "enabled",
            Self::Client => "client_id",
            Self::Scope => "scope",
            Self::Resource => "resource",
            Self::Resolution => "resolution",
            Self::MailState => "state",
            Self::MailPurpose => "for",
            Self::Audit(AuditParameter::Outcome) => "outcome",
            Self::Audit(AuditParameter::Actor) => "actor",
            Self::MailUser | Self::Audit(AuditParameter::User) => "user",
            Self::Audit(AuditParameter::Client) => "client",
            Self::Audit(AuditParameter::Target) => "target",
            Self::Audit(AuditParameter::Request) => "request",
            Self::Audit(AuditParameter::Since) => "since",
            Self::Audit(AuditParameter::Until) => "until",
        }
    }
}

impl Operation {
    /// Whether it changes something: then it takes a proof of who asks for it, and can be tried.
    pub fn changes(&self) -> bool {
        self.method != "GET"
    }

    /// Whether it can be held to one version of what it changes: `If-Match`, RFC 9110 section 13.1.1.
    pub fn takes_condition(&self) -> bool {
        matches!(self.answers, Answers::One(_)) && self.changes()
    }

    /// The names in its path, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
