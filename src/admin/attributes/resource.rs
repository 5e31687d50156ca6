//! A declared attribute as a document: what is shown of it and what is said of it are one type.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::document::{Document, Verdict};
use crate::admin::{FieldError, FieldProblem, labels};
use crate::model::attribute::{AttributeDefinition, AttributeType, EndUserAccess, is_name};
use crate::model::manager::Manager;

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
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// `label` in further languages, `label#ko`. An empty text takes one away.
    #[serde(flatten, deserialize_with = "labels::left")]
    #[schema(ignore)]
    pub labels: BTreeMap<String, String>,
}

impl Document for AttributeResource {
    fn members() -> Vec<&'static str> {
        labels::named_members(Self::FIELD_NAMES)
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        labels::verdict::<Self>(member)
    }
}

impl From<&AttributeDefinition> for AttributeResource {
    fn from(definition: &AttributeDefinition) -> Self {
        let AttributeDefinition { name, value_type, label, labels, end_user_access, managed_by, created_at, version } =
            definition;
        Self {
            name: Some(name.clone()),
            value_type: Some(*value_type),
            label: Some(label.clone()),
            end_user_access: Some(*end_user_access),
            created_at: Some(created_at.to_string()),
            managed_by: managed_by.as_ref().map(ToString::to_string),
            version: Some(*version),
            labels: labels::members(labels),
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
        if !same(self.managed_by.as_deref().map(|said| Some(said) == was.managed_by.as_ref().map(Manager::as_str))) {
            found.push(FieldError::ReadOnly.of("managed_by"));
        }
        let mut definition = was;
        if let Some(access) = self.end_user_access {
            definition.end_user_access = access;
        }
        let is = (&mut definition.label, &mut definition.labels);
        labels::take(is, self.label.as_deref(), &self.labels, found);
        definition
    }
}
