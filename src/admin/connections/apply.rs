//! What a connection's document says, read into the model. Whether the parts go together is for `rules`.

use std::collections::BTreeMap;

use super::resource::{ConnectionResource, field_of_setting};
use crate::admin::{FieldError, FieldProblem};
use crate::model::Connection;
use crate::model::connection::UpstreamAlgorithm;
use crate::model::upstream_value::UpstreamValue;
use crate::model::user::{EmailAddress, Role};
use crate::protocol::issuer::Issuer;
use crate::support::line;
use crate::upstream::claims::{self, Field};

/// The longest label, in characters.
const MAX_LABEL: usize = 60;
/// The most entries of a list.
const MAX_ENTRIES: usize = 50;

impl ConnectionResource {
    /// The connection with what the document says. What only the server sets stays: see [`ConnectionResource::check_unchanged`].
    pub(super) fn apply(&self, was: Connection, found: &mut Vec<FieldProblem>) -> Connection {
        let domains = |said: &Option<Vec<String>>, was, field, found: &mut Vec<FieldProblem>| match said {
            Some(said) => read_domains(said, field, found),
            None => was,
        };
        Connection {
            id: was.id,
            slug: was.slug,
            preset: was.preset,
            label: self.label.as_deref().map_or(was.label, |label| read_label(label, found)),
            settings: self.read_settings(was.settings),
            client_id: self.client_id.as_deref().map_or(was.client_id, |said| said.trim().to_owned()),
            secrets: was.secrets,
            scopes: match &self.scope {
                Some(said) => entries(said.split_whitespace(), "scope", found),
                None => was.scopes,
            },
            claim_map: self.read_claim_map(was.claim_map, found),
            allowed_domains: domains(&self.allowed_domains, was.allowed_domains, "allowed_domains", found),
            sign_up: self.sign_up.unwrap_or(was.sign_up),
            trust_email: self.trust_email.unwrap_or(was.trust_email),
            keep_tokens: self.keep_tokens.unwrap_or(was.keep_tokens),
            default_roles: self.default_roles.as_deref().map_or(was.default_roles, without_repeats),
            routed_domains: domains(&self.routed_domains, was.routed_domains, "routed_domains", found),
            two_factors: values(self.two_factors.as_deref(), was.two_factors, "two_factors", found),
            phishing_resistant: values(
                self.phishing_resistant.as_deref(),
                was.phishing_resistant,
                "phishing_resistant",
                found,
            ),
            allow_private_network: self.allow_private_network.unwrap_or(was.allow_private_network),
            algorithms: self.id_token_signing_alg_values_supported.as_deref().map_or(was.algorithms, in_order),
            position: self.position.unwrap_or(was.position),
            enabled: was.enabled,
            managed_by: was.managed_by,
            epoch: was.epoch,
            created_at: was.created_at,
            version: was.version,
        }
    }

    /// Settings that are not named stay.
    fn read_settings(&self, mut settings: BTreeMap<String, String>) -> BTreeMap<String, String> {
        for (name, value) in self.settings() {
            if let Some(value) = value {
                put(&mut settings, name, value.trim());
            }
        }
        settings
    }

    /// Places that are not named stay.
    fn read_claim_map(
        &self,
        mut map: BTreeMap<String, String>,
        found: &mut Vec<FieldProblem>,
    ) -> BTreeMap<String, String> {
        for (name, place) in self.claim_map.iter().flatten() {
            match read_place(name, place.trim()) {
                Ok(pointer) => put(&mut map, name, &pointer),
                Err(problem) => found.push(problem),
            }
        }
        map
    }

    /// What an update cannot change must be left out or say what is so. Whether the version is the current one was asked before.
    pub(super) fn check_unchanged(&self, connection: &Connection, issuer: &Issuer, found: &mut Vec<FieldProblem>) {
        fn same<T: PartialEq>(said: Option<&T>, is: Option<&T>) -> bool {
            said.is_none() || said == is
        }
        let is = Self::of(connection, issuer);
        let fields = [
            ("slug", same(self.slug.as_ref(), is.slug.as_ref())),
            ("preset", same(self.preset.as_ref(), is.preset.as_ref())),
            ("enabled", same(self.enabled.as_ref(), is.enabled.as_ref())),
            ("redirect_uris", same(self.redirect_uris.as_ref(), is.redirect_uris.as_ref())),
            ("secrets", same(self.secrets.as_ref(), is.secrets.as_ref())),
            ("managed_by", same(self.managed_by.as_ref(), is.managed_by.as_ref())),
            ("created_at", same(self.created_at.as_ref(), is.created_at.as_ref())),
        ];
        let changed = fields.into_iter().filter(|(_, same)| !same);
        found.extend(changed.map(|(field, _)| FieldError::ReadOnly.of(field)));
        self.check_derived(&is, found);
    }

    /// What follows from the preset must not say otherwise.
    pub(super) fn check_derived(&self, is: &Self, found: &mut Vec<FieldProblem>) {
        let method = self.token_endpoint_auth_method;
        if method.is_some() && method != is.token_endpoint_auth_method {
            found.push(FieldError::OtherThanPreset.of("token_endpoint_auth_method"));
        }
    }
}

/// Where a setting of a preset is said.
pub(super) fn of_setting(error: FieldError, setting: &str) -> FieldProblem {
    error.of(field_of_setting(setting))
}

/// Values of the provider's, each once.
fn values(
    said: Option<&[String]>,
    was: Vec<UpstreamValue>,
    field: &'static str,
    found: &mut Vec<FieldProblem>,
) -> Vec<UpstreamValue> {
    let Some(said) = said else { return was };
    let mut kept = Vec::new();
    for text in entries(said.iter().map(|text| text.trim()), field, found) {
        match UpstreamValue::parse(&text) {
            Ok(value) => kept.push(value),
            Err(_) => found.push(FieldError::UpstreamValue.of(field)),
        }
    }
    kept
}

fn without_repeats(roles: &[Role]) -> Vec<Role> {
    let mut kept = Vec::new();
    for role in roles {
        if !kept.contains(role) {
            kept.push(*role);
        }
    }
    kept
}

fn in_order(algorithms: &[UpstreamAlgorithm]) -> Vec<UpstreamAlgorithm> {
    let mut algorithms = algorithms.to_vec();
    algorithms.sort_unstable();
    algorithms.dedup();
    algorithms
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

/// Domains in lower case. `@example.com` is another way of writing one.
pub(in crate::admin) fn read_domains(domains: &[String], field: &str, found: &mut Vec<FieldProblem>) -> Vec<String> {
    let plain: Vec<String> =
        domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_ascii_lowercase()).collect();
    let kept = entries(plain.iter().map(String::as_str), field, found);
    // What can stand behind the "@" of an address, and nothing else.
    if kept.iter().any(|domain| domain.contains('@') || EmailAddress::parse(&format!("x@{domain}")).is_err()) {
        found.push(FieldError::Domain.of(field));
    }
    kept
}
