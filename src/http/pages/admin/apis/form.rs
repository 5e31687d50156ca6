//! The form of what an API is, and what its tokens are like.

use super::super::listing::Choice;
use super::super::wrong::Wrong;
use crate::admin::apis::{ApiResource, ApiTokenType};
use crate::i18n::{Texts, keys};
use crate::model::{Api, Locale};
use crate::protocol::Params;

/// What is filled in.
pub(super) struct Form {
    pub(super) resource: String,
    pub(super) name: String,
    /// The name in each language of our pages: its field, its member in documents, the language's name, and what it is.
    pub(super) names: Vec<(String, String, &'static str, String)>,
    pub(super) documentation: String,
    pub(super) types: Vec<Choice>,
    pub(super) lifetime: String,
    pub(super) wrong: Wrong,
}

impl Form {
    /// What is there, with what was typed.
    pub(super) fn of(t: &Texts, is: Option<&Api>, typed: &Params) -> Self {
        let or = |name: &str, stored: Option<String>| {
            let said = typed.names(name).then(|| typed.get(name).unwrap_or_default().to_owned());
            said.or(stored).unwrap_or_default()
        };
        let document = is.map(ApiResource::from).unwrap_or_default();
        let name = |&locale: &Locale| {
            let id = name_id(locale);
            let value = or(&id, is.and_then(|api| api.names.get(locale.as_str()).cloned()));
            (id, member(locale), locale.own_name(), value)
        };
        let stored = document.access_token_type.map(|chosen| chosen.as_str().to_owned());
        let chosen = or("access_token_type", stored);
        Self {
            resource: or("resource", document.resource),
            name: or("resource_name", document.resource_name),
            names: Locale::ALL.iter().map(name).collect(),
            documentation: or("resource_documentation", document.resource_documentation),
            types: types(t, &chosen),
            lifetime: or("access_token_lifetime", document.access_token_lifetime.map(|seconds| seconds.to_string())),
            wrong: Wrong::default(),
        }
    }
}

fn types(t: &Texts, chosen: &str) -> Vec<Choice> {
    let choice = |kind: &ApiTokenType| {
        let value = kind.as_str();
        let text = if value.is_empty() { t.get(keys::apis::TOKEN_TYPE_CLIENT) } else { value.to_owned() };
        Choice { value, text, chosen: value == chosen }
    };
    ApiTokenType::ALL.iter().map(choice).collect()
}

/// The document that a form says.
pub(super) fn typed(params: &Params) -> ApiResource {
    let text = |name: &str| params.get(name).map(|text| text.trim().to_owned());
    let name = |&locale: &Locale| {
        let id = name_id(locale);
        let said = params.names(&id).then(|| params.get(&id).unwrap_or_default().to_owned());
        said.map(|said| (member(locale), said))
    };
    ApiResource {
        resource: text("resource"),
        resource_name: text("resource_name").filter(|name| !name.is_empty()),
        resource_documentation: Some(text("resource_documentation").unwrap_or_default()),
        access_token_type: ApiTokenType::named(&text("access_token_type").unwrap_or_default()),
        access_token_lifetime: Some(match text("access_token_lifetime").unwrap_or_default().as_str() {
            "" => 0,
            // What is no number is none that can be: the rule says which can.
            text => text.parse().ok().filter(|seconds| *seconds > 0).unwrap_or(u64::MAX),
        }),
        names: Locale::ALL.iter().filter_map(name).collect(),
        ..ApiResource::default()
    }
}

/// The member of documents that is a name in a language.
fn member(locale: Locale) -> String {
    format!("resource_name#{}", locale.as_str())
}

/// The field of a name in a language.
fn name_id(locale: Locale) -> String {
    format!("resource_name-{}", locale.as_str())
}
