//! A declared attribute as a document: what is shown of it and what is said of it are one type.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::document::{Document, Verdict};
use crate::admin::{FieldError, FieldProblem};
use crate::identity::accounts::check_locale;
use crate::model::attribute::{AttributeDefinition, AttributeType, EndUserAccess, is_name};
use crate::support::line;

/// The longest label, in characters.
const MAX_LABEL: usize = 100;
/// The most languages of a label.
const MAX_LANGUAGES: usize = 20;
/// What the name of a label in a language begins with.
const LABEL_IN: &str = "label#";

/// A declared attribute. A field that is not there keeps its value, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct AttributeResource {
    /// What documents and rules call it: a letter, then letters, digits, `_` and `-`. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What its values are. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_type: Option<AttributeType>,
    /// What people read; the name where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What end-users may do with it on the page of their own account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_user_access: Option<EndUserAccess>,
    /// When it was declared, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// `label` in further languages, `label#ko`. An empty text takes one away.
    #[serde(flatten, deserialize_with = "labels")]
    #[schema(ignore)]
    pub labels: BTreeMap<String, String>,
}

/// Reads what is left of a document once all other fields are taken: labels in languages, and nothing else.
fn labels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let left = BTreeMap::<String, String>::deserialize(deserializer)?;
    match left.keys().find(|name| !is_label(name)) {
        Some(unknown) => Err(D::Error::custom(format!("unknown field `{unknown}`"))),
        None => Ok(left),
    }
}

fn is_label(member: &str) -> bool {
    member.strip_prefix(LABEL_IN).is_some_and(|tag| !tag.is_empty())
}

impl Document for AttributeResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.iter().copied().filter(|name| *name != "labels").collect()
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        let known = is_label(member) || Self::members().contains(&member);
        if known { Verdict::Known } else { Verdict::Unknown }
    }
}

impl From<&AttributeDefinition> for AttributeResource {
    fn from(definition: &AttributeDefinition) -> Self {
        let AttributeDefinition { name, value_type, label, labels, end_user_access, created_at, version } = definition;
        Self {
            name: Some(name.clone()),
            value_type: Some(*value_type),
            label: Some(label.clone()),
            end_user_access: Some(*end_user_access),
            created_at: Some(created_at.to_string()),
            version: Some(*version),
            labels: labels.iter().map(|(tag, label)| (format!("{LABEL_IN}{tag}"), label.clone())).collect(),
        }
    }
}

impl AttributeResource {
    /// The name and the type of a new one.
    pub(super) fn chosen(&self, found: &mut Vec<FieldProblem>) -> (String, AttributeType) {
        let name = self.name.clone().unwrap_or_default();
        if !is_name(&name) {
            found.push(FieldError::AttributeName.of("name"));
        }
        (name, self.value_type.unwrap_or(AttributeType::Text))
    }

    /// The definition with what the document says; name and type are chosen once.
    pub(super) fn apply(&self, was: AttributeDefinition, found: &mut Vec<FieldProblem>) -> AttributeDefinition {
        let same = |said: Option<bool>| said.unwrap_or(true);
        if !same(self.name.as_ref().map(|name| *name == was.name)) {
            found.push(FieldError::ReadOnly.of("name"));
        }
        if !same(self.value_type.map(|said| said == was.value_type)) {
            found.push(FieldError::ReadOnly.of("value_type"));
        }
        let mut definition = was;
        if let Some(access) = self.end_user_access {
            definition.end_user_access = access;
        }
        match self.label.as_deref().map(|label| line::parse(label, MAX_LABEL)) {
            Some(Ok(label)) => definition.label = label,
            Some(Err(why)) => found.push(FieldError::Line(why).of("label")),
            None => {}
        }
        for (member, label) in &self.labels {
            put_label(&mut definition.labels, member, label, found);
        }
        if definition.labels.len() > MAX_LANGUAGES {
            found.push(FieldError::TooMany(MAX_LANGUAGES).of("label"));
        }
        definition
    }
}

fn put_label(labels: &mut BTreeMap<String, String>, member: &str, label: &str, found: &mut Vec<FieldProblem>) {
    let Ok(tag) = check_locale(member.strip_prefix(LABEL_IN).unwrap_or_default()) else {
        return found.push(FieldError::Locale.of(member));
    };
    match line::parse(label, MAX_LABEL) {
        Ok(label) => drop(labels.insert(tag, label)),
        Err(line::LineRejected::Empty) => drop(labels.remove(&tag)),
        Err(why) => found.push(FieldError::Line(why).of(member)),
    }
}
