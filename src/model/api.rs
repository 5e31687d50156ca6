//! APIs: resources that tokens are for (RFC 8707), of which an administrator said what they are, in the words of RFC 9728. Declaring one is optional: what
//! nothing is said of is a resource all the same.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::client::AccessTokenType;
use super::locale::Locale;
use super::manager::Manager;
use crate::protocol::resource::{Resource, normalized};
use crate::support::Timestamp;
use crate::support::id::ApiId;

/// A declared API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// Its id.
    pub id: ApiId,
    /// The identifier of the resource, which is the `aud` of tokens for it. It never changes.
    pub resource: Resource,
    /// What people read (`resource_name`).
    pub name: String,
    /// The same in further languages, by their BCP 47 tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Where developers read about it (`resource_documentation`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<Url>,
    /// What may be done with it, in the order of the pages.
    pub scopes: Vec<ApiScope>,
    /// How access tokens for it name their type; `None` where each client decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_type: Option<AccessTokenType>,
    /// How long access tokens for it live; `None` where each client decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_lifetime: Option<Duration>,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was declared.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

/// One thing that may be done with an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiScope {
    /// The scope that allows it: RFC 6749 section 3.3.
    pub scope: String,
    /// What it allows, as end-users read it who are asked for it; empty where nothing is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The same in further languages, by their BCP 47 tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptions: BTreeMap<String, String>,
}

impl Api {
    /// What it is called for readers of a language.
    pub fn name_in(&self, locale: Locale) -> &str {
        locale.text_of(&self.names).unwrap_or(&self.name)
    }

    /// What it says of a scope.
    pub fn scope(&self, scope: &str) -> Option<&ApiScope> {
        self.scopes.iter().find(|known| known.scope == scope)
    }
}

impl ApiScope {
    /// What it allows, for readers of a language.
    pub fn description_in(&self, locale: Locale) -> &str {
        locale.text_of(&self.descriptions).unwrap_or(&self.description)
    }
}

/// The APIs that are declared, in the order of their resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apis(BTreeMap<String, Api>);

impl Apis {
    /// These.
    pub fn new(all: impl IntoIterator<Item = Api>) -> Self {
        Self(all.into_iter().map(|api| (api.resource.normalized().into_owned(), api)).collect())
    }

    /// The one whose resource a text names, such as one of an `aud`.
    pub fn named(&self, resource: &str) -> Option<&Api> {
        self.0.get(&*normalized(resource))
    }

    /// The one of this id.
    pub fn get(&self, id: ApiId) -> Option<&Api> {
        self.iter().find(|api| api.id == id)
    }

    /// The one of this id or of this resource.
    pub fn find(&self, text: &str) -> Option<&Api> {
        text.parse().map_or_else(|_| self.named(text), |id| self.get(id))
    }

    /// What is said of a scope by the first of these resources that says anything.
    pub fn described(&self, scope: &str, resources: &[Resource]) -> Option<(&Api, &ApiScope)> {
        let declared = resources.iter().filter_map(|resource| self.named(resource.as_str()));
        declared.into_iter().find_map(|api| Some((api, api.scope(scope)?)))
    }

    /// How long an access token lives at most for one of those that say it; zero where none does.
    pub fn longest_access_token(&self) -> Duration {
        self.iter().filter_map(|api| api.access_token_lifetime).max().unwrap_or_default()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Api> {
        self.0.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An API that says nothing of tokens.
    pub(crate) fn api(resource: &str) -> Api {
        Api {
            id: ApiId::from_bytes([u8::try_from(resource.len()).unwrap(); 16]),
            resource: Resource::parse(resource).unwrap(),
            name: "Orders".to_owned(),
            names: [("ko-KR".to_owned(), "한국 주문".to_owned()), ("ko".to_owned(), "주문".to_owned())].into(),
            documentation: None,
            scopes: Vec::new(),
            access_token_type: None,
            access_token_lifetime: None,
            managed_by: None,
            created_at: Timestamp::from_seconds(1),
            version: 0,
        }
    }

    fn scope(scope: &str, description: &str) -> ApiScope {
        ApiScope { scope: scope.to_owned(), description: description.to_owned(), descriptions: BTreeMap::new() }
    }

    #[test]
    fn one_is_found_by_every_spelling_of_its_resource_and_by_its_id() {
        let all = Apis::new([api("https://api.example"), api("urn:orders")]);
        let id = |text: &str| all.find(text).map(|api| api.id);
        for same in ["https://api.example", "https://api.example/"] {
            assert_eq!(id(same), Some(api("https://api.example").id), "{same}");
        }
        assert_eq!(id(&api("urn:orders").id.to_string()), Some(api("urn:orders").id));
        for other in ["https://api.example/v1", "https://API.example", "urn:orders/", "api_0", ""] {
            assert_eq!(id(other), None, "{other}");
        }
    }

    #[test]
    fn a_scope_is_described_by_the_resources_that_are_asked_for() {
        let mut one = api("https://one.example");
        one.scopes = vec![scope("read", "Read one")];
        let mut two = api("https://two.example/");
        two.scopes = vec![scope("read", "Read two"), scope("write", "")];
        let all = Apis::new([one, two]);
        let resources =
            |texts: &[&str]| -> Vec<Resource> { texts.iter().map(|t| Resource::parse(t).unwrap()).collect() };
        let said = |scope: &str, of: &[&str]| all.described(scope, &resources(of)).map(|(_, s)| s.description.clone());
        assert_eq!(said("read", &["https://two.example"]).as_deref(), Some("Read two"));
        assert_eq!(said("read", &["https://none.example", "https://one.example/"]).as_deref(), Some("Read one"));
        assert_eq!(said("write", &["https://one.example", "https://two.example"]).as_deref(), Some(""));
        assert_eq!(said("write", &["https://one.example"]), None);
        assert_eq!(said("read", &[]), None);
    }

    #[test]
    fn texts_are_read_in_the_language_of_the_page_and_plain_where_there_is_none() {
        let api = api("https://api.example");
        assert_eq!((api.name_in(Locale::Ko), api.name_in(Locale::En)), ("주문", "Orders"));
        let plain = scope("read", "Read");
        assert_eq!(plain.description_in(Locale::Ko), "Read");
    }
}
