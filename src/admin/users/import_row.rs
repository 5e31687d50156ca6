//! One row: a document of an account, with what only an import brings along.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::resource::UserResource;
use crate::admin::attributes::read_in;
use crate::admin::document::{self, DocumentRejected, MemberRejected};
use crate::identity::password::foreign::{self, FirebaseParameters, HashRejected};
use crate::model::attribute::Definitions;
use crate::model::upstream_link::UpstreamSubject;
use crate::support::{Secret, csv};

/// What a row has besides the claims: a hash, the salt of one of Firebase's, and identities at providers.
pub(super) const HASH: &str = "password_hash";
pub(super) const SALT: &str = "password_salt";
const LINKS: &str = "links";
/// The groups, and the roles in apps, that it is given.
const GROUPS: &str = "groups";
const ROLES: &str = "roles";

/// What is done with a row whose address an account has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// Nothing.
    #[default]
    Skip,
    /// What the row says is said of the account. A password that it has stays.
    Update,
    /// The row is refused.
    Refuse,
}

/// How rows are taken.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// What is done with accounts that are there.
    pub existing: Existing,
    /// What the hashes of a Firebase project were made with.
    pub firebase: Option<FirebaseParameters>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowError {
    /// The member of the row, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What programs tell errors apart by.
    pub code: String,
    /// The same in words.
    pub detail: String,
}

impl RowError {
    #[expect(clippy::needless_pass_by_value, reason = "callers make the text, or the error, for this")]
    pub(super) fn new(field: Option<&str>, code: &str, detail: impl ToString) -> Self {
        Self { field: field.map(str::to_owned), code: code.to_owned(), detail: detail.to_string() }
    }
}

/// A row as it was read.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ImportRow {
    /// Its place, for the report.
    pub row: u64,
    /// What it says: the members of an account's document, and `password_hash`, `password_salt`, `links`, `groups` and `roles`: those in apps.
    #[schema(value_type = Object)]
    pub document: Map<String, Value>,
}

/// A row that was understood.
pub(super) struct Row {
    pub(super) document: UserResource,
    pub(super) hash: Option<Secret<String>>,
    /// The subject at each connection, by its slug.
    pub(super) links: BTreeMap<String, UpstreamSubject>,
    /// The names of the groups that it is given, and those of the roles in apps.
    pub(super) groups: Vec<String>,
    pub(super) roles: Vec<String>,
}

impl Row {
    pub(super) fn read(mut document: Map<String, Value>, options: &ImportOptions) -> Result<Self, Vec<RowError>> {
        let mut errors = Vec::new();
        let hash = document.remove(HASH).filter(|hash| !is_nothing(hash));
        let salt = document.remove(SALT).and_then(|salt| salt.as_str().map(str::to_owned)).unwrap_or_default();
        let hash = hash.and_then(|hash| hash_of(&hash, &salt, options).map_err(|error| errors.push(error)).ok());
        let links = links_of(document.remove(LINKS), &mut errors);
        let groups = names_of(document.remove(GROUPS), GROUPS, &mut errors);
        let roles = names_of(document.remove(ROLES), ROLES, &mut errors);
        // What the other server counted is of no concern to this one.
        for own in ["sub", "created_at", "updated_at", "version"] {
            document.remove(own);
        }
        match read(document) {
            Ok(document) if errors.is_empty() => Ok(Self { document, hash, links, groups, roles }),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn hash_of(said: &Value, salt: &str, options: &ImportOptions) -> Result<Secret<String>, RowError> {
    let stored = match (&options.firebase, said) {
        (Some(firebase), Value::String(hash)) if !salt.is_empty() => firebase.hash(hash, salt),
        // In a table a credential of Keycloak's is a text.
        (_, Value::String(text)) if text.trim_start().starts_with('{') => {
            let read = serde_json::from_str(text).map_err(|_| HashRejected::Unknown);
            read.and_then(|said: Value| foreign::of_document(&said))
        }
        (_, said) => foreign::of_document(said),
    };
    stored.map_err(of_hash)
}

/// What is wrong with a hash.
pub(super) fn of_hash(why: HashRejected) -> RowError {
    let code = match why {
        HashRejected::Unknown => "unknown_hash",
        HashRejected::TooExpensive | HashRejected::TooMuchMemory { .. } => "hash_too_expensive",
    };
    RowError::new(Some(HASH), code, why)
}

fn links_of(said: Option<Value>, errors: &mut Vec<RowError>) -> BTreeMap<String, UpstreamSubject> {
    let mut links = BTreeMap::new();
    let said = match said {
        Some(Value::Object(said)) => said,
        None | Some(Value::Null) => return links,
        Some(_) => {
            errors.push(RowError::new(
                Some(LINKS),
                "not_links",
                "must be an object: the sub at each connection, by its name",
            ));
            return links;
        }
    };
    for (slug, subject) in said {
        match subject.as_str().map(UpstreamSubject::parse) {
            Some(Ok(subject)) => drop(links.insert(slug, subject)),
            _ => errors.push(RowError::new(Some(&format!("{LINKS}.{slug}")), "not_a_subject", "is no sub")),
        }
    }
    links
}

fn names_of(said: Option<Value>, member: &str, errors: &mut Vec<RowError>) -> Vec<String> {
    match said.filter(|said| !is_nothing(said)) {
        None => Vec::new(),
        Some(Value::Array(names)) if names.iter().all(Value::is_string) => {
            names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(_) => {
            errors.push(RowError::new(Some(member), "not_names", "must be a list of names"));
            Vec::new()
        }
    }
}

fn read(document: Map<String, Value>) -> Result<UserResource, Vec<RowError>> {
    document::read(&Value::Object(document).to_string()).map_err(|rejected| match rejected {
        DocumentRejected::Malformed(why) => vec![RowError::new(None, "malformed", why)],
        DocumentRejected::Members(members) => members.iter().map(of_member).collect(),
    })
}

fn of_member(rejected: &MemberRejected) -> RowError {
    match rejected {
        MemberRejected::Unknown { member, .. } => RowError::new(Some(member), "unknown_member", rejected),
        MemberRejected::Refused { member, .. } => RowError::new(Some(member), "not_supported", rejected),
    }
}

/// What the cells of a table say, by the names in its head: a member, a member of a member (`address.country`, `attributes.level`, `links.google`). An empty
/// cell says nothing. What the export wrote is read as it was.
pub fn from_cells<'a>(
    declared: &Definitions,
    cells: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Map<String, Value> {
    let mut document = Map::new();
    for (name, cell) in cells {
        let text = csv::text(cell);
        if text.is_empty() {
            continue;
        }
        match name.trim().split_once('.') {
            Some((outer, inner)) => {
                let value = if outer == "attributes" { read_in(declared, inner, text) } else { text.into() };
                let inside = document.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Some(inside) = inside.as_object_mut() {
                    inside.insert(inner.to_owned(), value);
                }
            }
            None => drop(document.insert(name.trim().to_owned(), of_cell(name.trim(), text))),
        }
    }
    document
}

/// Some members are no texts. Names are written one after another: none has a space, a comma or a semicolon.
fn of_cell(name: &str, text: &str) -> Value {
    match name {
        GROUPS | ROLES => {
            text.split([' ', '\t', '\r', '\n', ',', ';']).filter(|name| !name.is_empty()).map(Value::from).collect()
        }
        "email_verified" | "phone_number_verified" => text.parse::<bool>().map_or_else(|_| text.into(), Value::Bool),
        _ => text.into(),
    }
}
