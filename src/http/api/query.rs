//! The query of an operation: pages of lists, the choice of members, and whether something is only tried.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::operation::{AuditParameter, Operation, Parameter};
use super::problem::ApiProblem;
use crate::admin::connections::CameThrough;
use crate::model::AccountState;
use crate::model::client::ClientKind;
use crate::model::count::Resolution;
use crate::model::mail::MailQuery;
use crate::protocol::Params;
use crate::store::ClientOrder;

/// How many entries a page has where the query does not say.
pub(super) const DEFAULT_LIMIT: u32 = 50;
/// The most entries of a page.
pub(super) const MAX_LIMIT: u32 = 200;
/// The longest text that is searched for, in bytes.
const MAX_SEARCH: usize = 200;

/// How a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileFormat {
    /// A document a line.
    #[default]
    Jsonl,
    /// RFC 4180.
    Csv,
}

impl FileFormat {
    /// Its media type.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/jsonl",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// How accounts are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    #[default]
    Oldest,
    Newest,
    Email,
}

/// How clients are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClientSort {
    #[default]
    Id,
    Name,
    Newest,
    Changed,
}

/// What a query says.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    cursor: Option<String>,
    limit: Option<u32>,
    search: Option<String>,
    fields: Option<Vec<String>>,
    /// Whether it is only tried.
    pub(super) dry_run: bool,
    keep_sessions: bool,
    format: Option<FileFormat>,
    /// What accounts are like for who signs in to them.
    pub(super) status: Option<AccountState>,
    /// Whether accounts administer the server.
    pub(super) administers: Option<bool>,
    /// The group and the role in apps that accounts were given.
    pub(super) group: Option<String>,
    pub(super) role: Option<String>,
    sort: Option<Sort>,
    client_sort: Option<ClientSort>,
    /// What kind of program clients are.
    pub(super) client_kind: Option<ClientKind>,
    /// Whether clients may be used.
    pub(super) enabled: Option<bool>,
    /// Resources that APIs are, or that a client asks for.
    pub(super) resources: Vec<String>,
    audit: Vec<(AuditParameter, String)>,
    /// What a preview of tokens is of.
    pub(super) preview: PreviewQuery,
    resolution: Option<Resolution>,
    /// What mails have in common, but to whom: that is what is searched for.
    pub(super) mail: MailQuery,
}

/// What a preview of tokens is of.
#[derive(Clone, Debug, Default)]
pub(super) struct PreviewQuery {
    pub(super) client_id: Option<String>,
    pub(super) scope: Option<String>,
}

impl Query {
    /// Reads the query of an operation. What the operation does not have is refused: it would be taken for done.
    pub(super) fn read(operation: &Operation, params: &Params) -> Result<Self, ApiProblem> {
        let mut query = Self::default();
        for (name, value) in params.iter() {
            let known = operation.parameters.iter().find(|parameter| parameter.name() == name);
            let known = known
                .ok_or_else(|| ApiProblem::new("unknown_parameter").because(format!("there is no parameter {name}")))?;
            match known {
                Parameter::Cursor => query.cursor = Some(value.to_owned()),
                Parameter::Limit => query.limit = Some(limit(value)?),
                Parameter::Search => query.search = search(value)?,
                Parameter::Fields => query.fields = Some(fields(value)),
                Parameter::DryRun => query.dry_run = yes_or_no(name, value)?,
                Parameter::Audit(which) => query.audit.push((*which, value.to_owned())),
                Parameter::Format => query.format = Some(word(name, value)?),
                Parameter::Status => query.status = Some(word(name, value)?),
                Parameter::Administers => query.administers = Some(yes_or_no(name, value)?),
                Parameter::Group => query.group = Some(value.to_owned()),
                Parameter::Role => query.role = Some(value.to_owned()),
                Parameter::Sort => query.sort = Some(word(name, value)?),
                Parameter::ClientSort => query.client_sort = Some(word(name, value)?),
                Parameter::ClientKind => query.client_kind = Some(word(name, value)?),
                Parameter::Enabled => query.enabled = Some(yes_or_no(name, value)?),
                Parameter::Client => query.preview.client_id = Some(value.to_owned()),
                Parameter::Scope => query.preview.scope = Some(value.to_owned()),
                Parameter::Resource => query.resources.push(value.to_owned()),
                Parameter::Resolution => query.resolution = Some(resolution(value)?),
                Parameter::MailState => query.mail.state = Some(word(name, value)?),
                Parameter::MailPurpose => query.mail.purpose = Some(word(name, value)?),
                Parameter::MailUser => query.mail.user = Some(word(name, value)?),
                Parameter::KeepSessions => query.keep_sessions = yes_or_no(name, value)?,
            }
        }
        Ok(query)
    }

    /// How many entries a page has at most.
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// What entries must contain.
    pub(super) fn search(&self) -> Option<&str> {
        self.search.as_deref()
    }

    /// What entries of the audit log are to have in common.
    pub(super) fn audit(&self) -> &[(AuditParameter, String)] {
        &self.audit
    }

    /// How a file is written.
    pub(super) fn format(&self) -> FileFormat {
        self.format.unwrap_or_default()
    }

    /// How accounts are ordered.
    pub(super) fn sort(&self) -> Sort {
        self.sort.unwrap_or_default()
    }

    /// How clients are ordered, and after which place.
    pub(super) fn client_order(&self) -> Result<ClientOrder, ApiProblem> {
        let order = match self.client_sort.unwrap_or_default() {
            ClientSort::Id => ClientOrder::Id(None),
            ClientSort::Name => ClientOrder::Name(None),
            ClientSort::Newest => ClientOrder::Newest(None),
            ClientSort::Changed => ClientOrder::Changed(None),
        };
        let Some(place) = self.after::<String>()? else { return Ok(order) };
        order.after_place(&place).ok_or_else(not_of_this_list)
    }

    /// How long the spans are that something is counted in.
    pub(super) fn resolution(&self) -> Resolution {
        self.resolution.unwrap_or(Resolution::Day)
    }

    /// What becomes of what came through a connection.
    pub(super) const fn came_through(&self) -> CameThrough {
        CameThrough::kept(self.keep_sessions)
    }

    /// The key of the entry that the page begins after.
    pub(super) fn after<K: FromStr>(&self) -> Result<Option<K>, ApiProblem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        // As every other parameter: PostgreSQL takes no text with this character.
        let key = key.filter(|key| !key.contains('\0')).and_then(|key| key.parse().ok());
        key.map(Some).ok_or_else(not_of_this_list)
    }

    /// The members of a document that were asked for.
    pub(super) fn chosen(&self, mut document: Map<String, Value>) -> Map<String, Value> {
        if let Some(fields) = &self.fields {
            document.retain(|name, _| fields.contains(name));
        }
        document
    }
}

fn not_of_this_list() -> ApiProblem {
    ApiProblem::malformed("cursor is not one that a page of this list ended with")
}

/// What a page says of where the next one begins.
pub(super) fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

fn limit(value: &str) -> Result<u32, ApiProblem> {
    let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| ApiProblem::malformed(format!("limit must be between 1 and {MAX_LIMIT}")))
}

fn resolution(value: &str) -> Result<Resolution, ApiProblem> {
    let known = Resolution::ALL.into_iter().find(|known| known.as_str() == value);
    known.ok_or_else(|| ApiProblem::malformed("resolution is day or hour"))
}

fn search(value: &str) -> Result<Option<String>, ApiProblem> {
    let text = value.trim();
    if text.len() > MAX_SEARCH {
        return Err(ApiProblem::malformed(format!("search must have at most {MAX_SEARCH} bytes")));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// A word of a closed set, as documents have it.
pub(super) fn word<T: DeserializeOwned>(name: &str, value: &str) -> Result<T, ApiProblem> {
    serde_json::from_value(Value::from(value))
        .map_err(|_| ApiProblem::malformed(format!("{name} has a value that cannot be")))
}

fn fields(value: &str) -> Vec<String> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn yes_or_no(name: &str, value: &str) -> Result<bool, ApiProblem> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ApiProblem::malformed(format!("{name} must be true or false"))),
    }
}
