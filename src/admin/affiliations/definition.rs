//! What the documents of groups and of roles have in common, read into the model.

use std::collections::BTreeMap;

use super::Defined;
use crate::admin::document::Document;
use crate::admin::{FieldError, FieldProblem, labels};
use crate::model::ClientId;
use crate::model::affiliation::{Affiliation, AffiliationKind, AffiliationOf, Catalogue, is_name};
use crate::model::manager::Manager;
use crate::support::id::AffiliationId;
use crate::support::{Timestamp, line};

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// The most roles that a group brings.
const MAX_ROLES: usize = 100;

/// The document of a group, or of a role.
pub trait Definition: Document + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// Which of the two.
    const KIND: AffiliationKind;

    /// What it says.
    fn said(&self) -> Said<'_>;

    /// That of one.
    fn of(defined: &Defined) -> Self;
}

/// What a document says of a group or a role; `None` where nothing is said.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub(super) kind: AffiliationKind,
    pub(super) id: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    /// The client of a role; empty for every app.
    pub(super) client: Option<&'a str>,
    pub(super) label: Option<&'a str>,
    pub(super) labels: &'a BTreeMap<String, String>,
    pub(super) description: Option<&'a str>,
    /// The roles that a group brings.
    pub(super) roles: Option<&'a [String]>,
    /// Whether nobody who has a role signs in without a second factor.
    pub(super) require_second_factor: Option<bool>,
    pub(super) managed_by: Option<&'a str>,
    pub(super) created_at: Option<&'a str>,
    pub(super) version: Option<i64>,
}

impl<'a> Said<'a> {
    /// The roles that a group is said to bring.
    pub(in crate::admin) const fn roles(&self) -> Option<&'a [String]> {
        self.roles
    }

    /// A new one, of which nothing is said yet but what is chosen once.
    pub(super) fn blank(&self, id: AffiliationId, now: Timestamp, found: &mut Vec<FieldProblem>) -> Affiliation {
        let name = self.name.unwrap_or_default();
        if !is_name(name) {
            found.push(FieldError::GroupName.of("name"));
        }
        let client = self.client.filter(|text| !text.is_empty()).and_then(|text| match ClientId::parse(text) {
            Ok(client) => Some(client),
            Err(why) => {
                found.push(FieldProblem::from(why));
                None
            }
        });
        Affiliation {
            id,
            of: match self.kind {
                AffiliationKind::Group => AffiliationOf::Group { roles: Vec::new() },
                AffiliationKind::Role => AffiliationOf::Role { client, second_factor_required: false },
            },
            name: name.to_owned(),
            label: name.to_owned(),
            labels: BTreeMap::new(),
            description: String::new(),
            managed_by: None,
            created_at: now,
            version: 0,
        }
    }

    /// One with what is said; name and client are chosen once. What a new document says of what the server sets is passed over.
    pub(super) fn applied_to(&self, was: Affiliation, all: &Catalogue, found: &mut Vec<FieldProblem>) -> Affiliation {
        self.check_unchanged(&was, all, found);
        let mut one = was;
        labels::take((&mut one.label, &mut one.labels), self.label, self.labels, found);
        if let Some(text) = self.description {
            one.description = match text.trim() {
                "" => String::new(),
                text => line::parse(text, MAX_DESCRIPTION).unwrap_or_else(|why| {
                    found.push(FieldError::Line(why).of("description"));
                    String::new()
                }),
            };
        }
        match &mut one.of {
            AffiliationOf::Group { roles } => {
                if let Some(keys) = self.roles {
                    *roles = named(AffiliationKind::Role, "roles", keys, all, found);
                    if roles.len() > MAX_ROLES {
                        found.push(FieldError::TooMany(MAX_ROLES).of("roles"));
                    }
                }
            }
            AffiliationOf::Role { second_factor_required, .. } => {
                *second_factor_required = self.require_second_factor.unwrap_or(*second_factor_required);
            }
        }
        one
    }

    fn check_unchanged(&self, is: &Affiliation, all: &Catalogue, found: &mut Vec<FieldProblem>) {
        let client = is.client().map(ClientId::as_str).unwrap_or_default();
        // A new one is in no catalogue: what its document says of what the server sets was of another.
        let stored = all.get(is.id).is_some();
        let same = |said: Option<bool>| said.unwrap_or(true);
        let manager = is.managed_by.as_ref().map(Manager::as_str);
        let fields = [
            ("id", !stored || same(self.id.map(|id| id == is.id.to_string()))),
            ("name", same(self.name.map(|name| name == is.name))),
            (
                "client_id",
                same(self.client.map(|said| said == client)) || found.iter().any(|one| one.field == "client_id"),
            ),
            ("created_at", !stored || same(self.created_at.map(|at| at == is.created_at.to_string()))),
            ("managed_by", !stored || same(self.managed_by.map(|by| Some(by) == manager))),
        ];
        found.extend(fields.into_iter().filter(|(_, same)| !same).map(|(field, _)| FieldError::ReadOnly.of(field)));
    }
}

/// The ids of those that are named, by id or key, in the order of their ids.
pub(in crate::admin) fn named(
    kind: AffiliationKind,
    field: &str,
    names: &[String],
    all: &Catalogue,
    found: &mut Vec<FieldProblem>,
) -> Vec<AffiliationId> {
    let mut ids = Vec::new();
    for name in names {
        match all.find(kind, name) {
            Some(one) => ids.push(one.id),
            None => found.push(FieldError::NoSuchGroup.at(field, name)),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}
