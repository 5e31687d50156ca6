//! What is said of a connection, as it was written: from text to the model. Whether the parts go together is for `rules`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::admin::{FieldError, FieldProblem};
use crate::model::Connection;
use crate::model::connection::UpstreamAlgorithm;
use crate::model::user::{EmailAddress, Role};
use crate::support::line;
use crate::upstream::claims::{self, Field};

/// The longest label, in characters.
const MAX_LABEL: usize = 60;
/// The most entries of a list.
const MAX_ENTRIES: usize = 50;

/// What can be said of a connection. A field that is not there keeps its value, or its default in a new connection. There is nothing
/// else in it to be set: no state, no secret, no date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConnectionFields {
    /// What people read on its button; empty for the provider's own name.
    pub label: Option<String>,
    /// Who we are there.
    pub client_id: Option<String>,
    /// What the preset asks for besides; an empty text takes one away. Those that are not named stay.
    pub settings: BTreeMap<String, String>,
    /// What is asked for; empty for what the preset asks for.
    pub scopes: Option<Vec<String>>,
    /// Where fields of the profile are, by claim name or JSON pointer; an empty text is for the preset's own place. Those that are not
    /// named stay.
    pub claim_map: BTreeMap<String, String>,
    /// Only people whose trusted address is of one of these domains.
    pub allowed_domains: Option<Vec<String>>,
    /// People whose address is of one of these domains are sent here at once.
    pub routed_domains: Option<Vec<String>>,
    /// Whether people may make an account with it.
    pub sign_up: Option<bool>,
    /// Whether the provider's word counts that an address is verified.
    pub trust_email: Option<bool>,
    /// Whether the provider's tokens are kept.
    pub keep_tokens: Option<bool>,
    /// What accounts that are made with it may do to Haechi itself.
    pub default_roles: Option<Vec<Role>>,
    /// Whether it may be on a private or loopback address.
    pub allow_private_network: Option<bool>,
    /// What its ID tokens may be signed with; empty for what the preset says.
    pub algorithms: Option<Vec<UpstreamAlgorithm>>,
    /// Where its button stands.
    pub position: Option<i32>,
}

impl ConnectionFields {
    /// The connection with these fields changed.
    pub(super) fn apply(&self, mut connection: Connection, found: &mut Vec<FieldProblem>) -> Connection {
        if let Some(label) = &self.label {
            connection.label = read_label(label, found);
        }
        if let Some(client_id) = &self.client_id {
            client_id.trim().clone_into(&mut connection.client_id);
        }
        for (name, value) in &self.settings {
            put(&mut connection.settings, name, value.trim());
        }
        if let Some(scopes) = &self.scopes {
            connection.scopes = entries(scopes.iter().map(String::as_str), "scopes", found);
        }
        for (name, place) in &self.claim_map {
            match read_place(name, place.trim()) {
                Ok(pointer) => put(&mut connection.claim_map, name, &pointer),
                Err(problem) => found.push(problem),
            }
        }
        if let Some(domains) = &self.allowed_domains {
            connection.allowed_domains = read_domains(domains, "allowed_domains", found);
        }
        if let Some(domains) = &self.routed_domains {
            connection.routed_domains = read_domains(domains, "routed_domains", found);
        }
        if let Some(roles) = &self.default_roles {
            connection.default_roles.clone_from(roles);
            connection.default_roles.dedup();
        }
        if let Some(algorithms) = &self.algorithms {
            connection.algorithms.clone_from(algorithms);
            connection.algorithms.sort_unstable();
            connection.algorithms.dedup();
        }
        Connection {
            sign_up: self.sign_up.unwrap_or(connection.sign_up),
            trust_email: self.trust_email.unwrap_or(connection.trust_email),
            keep_tokens: self.keep_tokens.unwrap_or(connection.keep_tokens),
            allow_private_network: self.allow_private_network.unwrap_or(connection.allow_private_network),
            position: self.position.unwrap_or(connection.position),
            ..connection
        }
    }
}

fn read_label(label: &str, found: &mut Vec<FieldProblem>) -> String {
    if label.trim().is_empty() {
        return String::new();
    }
    line::parse(label, MAX_LABEL).unwrap_or_else(|why| {
        found.push(FieldError::Line(why).of("label"));
        String::new()
    })
}

fn put(map: &mut BTreeMap<String, String>, name: &str, value: &str) {
    if value.is_empty() {
        map.remove(name);
    } else {
        map.insert(name.to_owned(), value.to_owned());
    }
}

fn read_place(name: &str, place: &str) -> Result<String, FieldProblem> {
    let field = || format!("claim_map.{name}");
    if Field::parse(name).is_none() {
        return Err(FieldError::NoSuchField.of(field()));
    }
    if place.is_empty() {
        return Ok(String::new());
    }
    claims::pointer(place).map_err(|_| FieldError::NotAPointer.of(field()))
}

/// The entries of a list, each once, without those that are empty.
fn entries<'a>(texts: impl Iterator<Item = &'a str>, field: &str, found: &mut Vec<FieldProblem>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        if !kept.iter().any(|known| known == text) {
            kept.push(text.to_owned());
        }
    }
    if kept.len() > MAX_ENTRIES {
        found.push(FieldError::TooMany(MAX_ENTRIES).of(field));
    }
    kept
}

/// Domains in lower case. People also write `@example.com`.
fn read_domains(domains: &[String], field: &str, found: &mut Vec<FieldProblem>) -> Vec<String> {
    let plain: Vec<String> =
        domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_ascii_lowercase()).collect();
    let kept = entries(plain.iter().map(String::as_str), field, found);
    // What can stand behind the "@" of an address, and nothing else.
    if kept.iter().any(|domain| domain.contains('@') || EmailAddress::parse(&format!("x@{domain}")).is_err()) {
        found.push(FieldError::Domain.of(field));
    }
    kept
}
