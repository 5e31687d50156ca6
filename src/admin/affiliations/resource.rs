//! Groups and roles as documents: what is shown of one and what is said of it are one type.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Defined;
use super::definition::{Definition, Said};
use crate::admin::document::{Document, Verdict};
use crate::admin::labels;
use crate::model::ClientId;
use crate::model::affiliation::AffiliationKind;

/// A group. A field that is not there keeps its value, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct GroupResource {
    /// Its id. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What apps know it by, a value of `groups`: lower-case letters, digits, `.`, `_` and `-`. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people read; the name where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The roles that its members have: `editor` of every app, `shop:manager` of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// When it was made, as RFC 3339 writes it. Set by the server.
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

/// A role in apps. A field that is not there keeps its value, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct RoleResource {
    /// Its id. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What apps know it by, a value of `roles`: lower-case letters, digits, `.`, `_` and `-`. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The client that has it, and alone hears of it; without one it is a role in every app. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Whether nobody who has it, themselves or by a group, signs in to anything without a second factor. Who has none adds it on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_second_factor: Option<bool>,
    /// What people read; the name where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made, as RFC 3339 writes it. Set by the server.
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

impl Definition for GroupResource {
    const KIND: AffiliationKind = AffiliationKind::Group;

    fn said(&self) -> Said<'_> {
        Said {
            kind: Self::KIND,
            id: self.id.as_deref(),
            name: self.name.as_deref(),
            client: None,
            label: self.label.as_deref(),
            labels: &self.labels,
            description: self.description.as_deref(),
            roles: self.roles.as_deref(),
            require_second_factor: None,
            created_at: self.created_at.as_deref(),
            managed_by: self.managed_by.as_deref(),
            version: self.version,
        }
    }

    fn of(Defined { affiliation: one, roles }: &Defined) -> Self {
        Self {
            id: Some(one.id.to_string()),
            name: Some(one.name.clone()),
            label: Some(one.label.clone()),
            description: Some(one.description.clone()),
            roles: Some(roles.clone()),
            created_at: Some(one.created_at.to_string()),
            managed_by: one.managed_by.as_ref().map(ToString::to_string),
            version: Some(one.version),
            labels: labels::members(&one.labels),
        }
    }
}

impl Definition for RoleResource {
    const KIND: AffiliationKind = AffiliationKind::Role;

    fn said(&self) -> Said<'_> {
        Said {
            kind: Self::KIND,
            id: self.id.as_deref(),
            name: self.name.as_deref(),
            client: self.client_id.as_deref(),
            label: self.label.as_deref(),
            labels: &self.labels,
            description: self.description.as_deref(),
            roles: None,
            require_second_factor: self.require_second_factor,
            created_at: self.created_at.as_deref(),
            managed_by: self.managed_by.as_deref(),
            version: self.version,
        }
    }

    fn of(Defined { affiliation: one, .. }: &Defined) -> Self {
        Self {
            id: Some(one.id.to_string()),
            name: Some(one.name.clone()),
            client_id: one.client().map(ClientId::to_string),
            require_second_factor: Some(one.requires_second_factor()),
            label: Some(one.label.clone()),
            description: Some(one.description.clone()),
            created_at: Some(one.created_at.to_string()),
            managed_by: one.managed_by.as_ref().map(ToString::to_string),
            version: Some(one.version),
            labels: labels::members(&one.labels),
        }
    }
}

impl Document for GroupResource {
    fn members() -> Vec<&'static str> {
        labels::named_members(Self::FIELD_NAMES)
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        labels::verdict::<Self>(member)
    }
}

impl Document for RoleResource {
    fn members() -> Vec<&'static str> {
        labels::named_members(Self::FIELD_NAMES)
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        labels::verdict::<Self>(member)
    }
}
