//! A declared API as a document: what is shown of it and what is said of it are one type, in the words of RFC 9728.

use std::collections::BTreeMap;

use documented::DocumentedFields;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::admin::document::{Document, Verdict};
use crate::admin::labels::InLanguages;
use crate::model::Api;
use crate::model::api::ApiScope;
use crate::model::client::AccessTokenType;

/// What people read of an API. RFC 9728 section 2.1 has it in languages as RFC 7591 has the names of clients.
pub(super) const NAME: InLanguages = InLanguages { member: "resource_name", longest: 100 };
/// What people read of a scope.
pub(super) const DESCRIPTION: InLanguages = InLanguages { member: "description", longest: 200 };

/// A declared API: a resource that tokens are for. A field that is not there keeps its value, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct ApiResource {
    /// Its id. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// RFC 9728 section 2, RFC 8707 section 2: its identifier, an absolute URI, which is the `aud` of tokens for it. Chosen once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// RFC 9728 section 2: what people read, on the page that asks for their consent too; the host of the identifier where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    /// RFC 9728 section 2: a page for developers. An empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_documentation: Option<String>,
    /// The scopes that are its own, with what each allows. A list that is said replaces the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<ScopeResource>>,
    /// The `typ` header of access tokens for it; an empty text leaves it to each client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_type: Option<ApiTokenType>,
    /// Seconds that access tokens for it live; 0 leaves it to each client. Of a token for several resources the least counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_lifetime: Option<u64>,
    /// When it was declared, as RFC 3339 writes it. Set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// `resource_name` in further languages, `resource_name#ko`. An empty text takes one away.
    #[serde(flatten, deserialize_with = "names_left")]
    #[schema(ignore)]
    pub names: BTreeMap<String, String>,
}

/// A scope of an API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScopeResource {
    /// RFC 6749 section 3.3: what clients ask for.
    pub scope: String,
    /// What it allows, in a few words for end-users, who read it when they are asked. In further languages it is `description#ko`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The same in further languages.
    #[serde(flatten, deserialize_with = "descriptions_left")]
    #[schema(ignore)]
    pub descriptions: BTreeMap<String, String>,
}

/// How access tokens for an API name their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ApiTokenType {
    /// As each client has it.
    #[serde(rename = "")]
    OfClient,
    /// RFC 9068 section 2.1.
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// For resource servers that refuse every other type.
    #[serde(rename = "JWT")]
    Jwt,
}

fn names_left<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    NAME.left(deserializer)
}

fn descriptions_left<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    DESCRIPTION.left(deserializer)
}

impl Document for ApiResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.iter().copied().filter(|name| *name != "names").collect()
    }

    fn verdict(member: &str, _value: &Value) -> Verdict {
        NAME.verdict::<Self>(member)
    }
}

impl ApiTokenType {
    /// Each of them.
    pub const ALL: &[Self] = &[Self::OfClient, Self::AtJwt, Self::Jwt];

    /// What documents and forms call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OfClient => "",
            Self::AtJwt => "at+jwt",
            Self::Jwt => "JWT",
        }
    }

    /// The one that they call so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == name)
    }

    pub(super) const fn chosen(self) -> Option<AccessTokenType> {
        match self {
            Self::OfClient => None,
            Self::AtJwt => Some(AccessTokenType::AtJwt),
            Self::Jwt => Some(AccessTokenType::Jwt),
        }
    }
}

impl From<AccessTokenType> for ApiTokenType {
    fn from(chosen: AccessTokenType) -> Self {
        match chosen {
            AccessTokenType::AtJwt => Self::AtJwt,
            AccessTokenType::Jwt => Self::Jwt,
        }
    }
}

impl From<&ApiScope> for ScopeResource {
    fn from(scope: &ApiScope) -> Self {
        let ApiScope { scope, description, descriptions } = scope;
        Self { scope: scope.clone(), description: description.clone(), descriptions: DESCRIPTION.members(descriptions) }
    }
}

impl From<&Api> for ApiResource {
    fn from(api: &Api) -> Self {
        let Api {
            id,
            resource,
            name,
            names,
            documentation,
            scopes,
            access_token_type,
            access_token_lifetime,
            managed_by,
            created_at,
            version,
        } = api;
        Self {
            id: Some(id.to_string()),
            resource: Some(resource.as_str().to_owned()),
            resource_name: Some(name.clone()),
            resource_documentation: documentation.as_ref().map(ToString::to_string),
            scopes: Some(scopes.iter().map(ScopeResource::from).collect()),
            access_token_type: access_token_type.map(ApiTokenType::from),
            access_token_lifetime: access_token_lifetime.map(|lifetime| lifetime.as_secs()),
            created_at: Some(created_at.to_string()),
            managed_by: managed_by.as_ref().map(ToString::to_string),
            version: Some(*version),
            names: NAME.members(names),
        }
    }
}
