//! The form of a group, or of a role in apps.

use std::collections::BTreeMap;

use super::super::wrong::Wrong;
use crate::admin::affiliations::{Defined, Definition, GroupResource, RoleResource};
use crate::model::{Affiliation, AffiliationKind, ClientId, Locale};
use crate::protocol::Params;

/// What is filled in.
pub(super) struct Form {
    pub(super) is_group: bool,
    pub(super) name: String,
    pub(super) client: String,
    pub(super) label: String,
    /// The label in each language of our pages: its field, the language's name, and what it is.
    pub(super) labels: Vec<(String, &'static str, String)>,
    pub(super) description: String,
    /// The roles that a group brings, one a line.
    pub(super) roles: String,
    /// Whether a role asks for a second factor.
    pub(super) require_second_factor: bool,
    pub(super) wrong: Wrong,
}

/// A document that a form says.
pub trait Typed: Sized {
    /// What it says.
    fn typed(params: &Params) -> Self;
}

impl Form {
    /// What is there, with what was typed.
    pub(super) fn of<D: Definition>(is: Option<&Defined>, typed: &Params) -> Self {
        let or = |name: &str, stored: Option<String>| {
            let said = typed.names(name).then(|| typed.get(name).unwrap_or_default().to_owned());
            said.or(stored).unwrap_or_default()
        };
        let one = is.map(|is| &is.affiliation);
        // A box that is not ticked is not sent: whether the form was is seen by a field that always is.
        let sent = typed.names("description");
        let required = one.is_some_and(Affiliation::requires_second_factor);
        let label = |&locale: &Locale| {
            let id = label_id(locale);
            let value = or(&id, one.and_then(|one| one.labels.get(locale.as_str()).cloned()));
            (id, locale.own_name(), value)
        };
        Self {
            is_group: D::KIND == AffiliationKind::Group,
            name: or("name", one.map(|one| one.name.clone())),
            client: or("client_id", one.and_then(|one| one.client().map(ClientId::to_string))),
            label: or("label", one.map(|one| one.label.clone())),
            labels: Locale::ALL.iter().map(label).collect(),
            description: or("description", one.map(|one| one.description.clone())),
            roles: or("roles", is.map(|is| is.roles.join("\n"))),
            require_second_factor: if sent { ticked(typed) } else { required },
            wrong: Wrong::default(),
        }
    }
}

impl Typed for GroupResource {
    fn typed(params: &Params) -> Self {
        let roles = params.get("roles").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        Self {
            name: name(params),
            label: label(params),
            description: Some(text(params, "description")),
            roles: Some(roles),
            labels: labels(params),
            ..Self::default()
        }
    }
}

impl Typed for RoleResource {
    fn typed(params: &Params) -> Self {
        Self {
            name: name(params),
            client_id: params.get("client_id").map(|client| client.trim().to_owned()),
            require_second_factor: Some(ticked(params)),
            label: label(params),
            description: Some(text(params, "description")),
            labels: labels(params),
            ..Self::default()
        }
    }
}

fn text(params: &Params, name: &str) -> String {
    params.get(name).unwrap_or_default().to_owned()
}

/// Whether a role is said to ask for a second factor.
fn ticked(params: &Params) -> bool {
    params.get("require_second_factor") == Some("yes")
}

fn name(params: &Params) -> Option<String> {
    params.get("name").map(|name| name.trim().to_owned())
}

fn label(params: &Params) -> Option<String> {
    params.get("label").map(str::to_owned).filter(|label| !label.trim().is_empty())
}

fn labels(params: &Params) -> BTreeMap<String, String> {
    let label = |&locale: &Locale| {
        let id = label_id(locale);
        params.names(&id).then(|| (format!("label#{}", locale.as_str()), text(params, &id)))
    };
    Locale::ALL.iter().filter_map(label).collect()
}

/// The field of a label in a language.
fn label_id(locale: Locale) -> String {
    format!("label-{}", locale.as_str())
}
