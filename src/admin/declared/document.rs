//! A declaration as a document: an object with a list for each kind of thing.

use serde_json::{Map, Value};

use super::Declaration;
use super::affiliations::Keyed;
use super::policy::{BRANDING, SIGN_IN, SIGNING};
use crate::admin::affiliations::{GroupResource, RoleResource};
use crate::admin::apis::ApiResource;
use crate::admin::attributes::AttributeResource;
use crate::admin::claim_rules::ClaimRuleResource;
use crate::admin::clients::ClientResource;
use crate::admin::connections::ConnectionResource;
use crate::admin::document::{self, Document, DocumentRejected, members};
use crate::admin::policy::SigningResource;
use crate::admin::webhooks::WebhookResource;
use crate::protocol::resource::normalized;

/// The name of the list of attributes.
pub(super) const ATTRIBUTES: &str = "attributes";
/// The name of the list of APIs.
pub(super) const APIS: &str = "apis";
/// The name of the list of clients.
pub(super) const CLIENTS: &str = "clients";
/// The name of the list of roles in apps.
pub(super) const ROLES: &str = "roles";
/// The name of the list of groups.
pub(super) const GROUPS: &str = "groups";
/// The name of the list of claim rules.
pub(super) const CLAIM_RULES: &str = "claim_rules";
/// The name of the list of connections.
pub(super) const CONNECTIONS: &str = "connections";
/// The name of the list of webhooks.
pub(super) const WEBHOOKS: &str = "webhooks";

/// Why something is no declaration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeclarationRejected {
    /// It is no object.
    #[error(
        "a declaration is an object with the lists attributes, apis, clients, roles, groups, claim_rules, connections and webhooks, and sign_in, branding and signing"
    )]
    NoObject,
    /// It has a list that there is not.
    #[error(
        "there is no {0}: a declaration has the lists attributes, apis, clients, roles, groups, claim_rules, connections and webhooks, and sign_in, branding and signing"
    )]
    UnknownList(String),
    /// One of its lists is none.
    #[error("{0} must be a list of objects")]
    NoList(&'static str),
    /// An entry is no document of its kind.
    #[error("{list}[{at}]: {why}")]
    Entry {
        /// The list.
        list: &'static str,
        /// Its place there, from 0.
        at: usize,
        /// Why.
        why: DocumentRejected,
    },
    /// A section of the policy is no document of it.
    #[error("{section}: {why}")]
    Section {
        /// The section.
        section: &'static str,
        /// Why.
        why: DocumentRejected,
    },
    /// Two entries are about the same thing.
    #[error("{0} is declared twice")]
    Twice(String),
}

/// What a declaration may have.
const MEMBERS: &[&str] =
    &[ATTRIBUTES, APIS, CLIENTS, ROLES, GROUPS, CLAIM_RULES, CONNECTIONS, WEBHOOKS, SIGN_IN, BRANDING, SIGNING];

/// Reads a declaration. What is not known is refused, by its name.
pub fn read(value: &Value) -> Result<Declaration, DeclarationRejected> {
    let lists = value.as_object().ok_or(DeclarationRejected::NoObject)?;
    if let Some(unknown) = lists.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(DeclarationRejected::UnknownList(unknown.clone()));
    }
    let declared = Declaration {
        attributes: list(lists, ATTRIBUTES)?,
        apis: list(lists, APIS)?,
        clients: list(lists, CLIENTS)?,
        roles: list(lists, ROLES)?,
        groups: list(lists, GROUPS)?,
        claim_rules: list(lists, CLAIM_RULES)?,
        connections: list(lists, CONNECTIONS)?,
        webhooks: list(lists, WEBHOOKS)?,
        sign_in: section(lists, SIGN_IN)?,
        branding: section(lists, BRANDING)?,
        signing: section(lists, SIGNING)?,
    };
    let attributes = declared.attributes.iter().flatten().filter_map(|attribute| attribute.name.clone());
    let apis = declared.apis.iter().flatten().filter_map(|api| api.resource.as_deref());
    let apis = apis.map(|resource| normalized(resource).into_owned());
    let clients = declared.clients.iter().flatten().filter_map(|client| client.client_id.clone());
    let roles = declared.roles.iter().flatten().filter_map(Keyed::key);
    let groups = declared.groups.iter().flatten().filter_map(Keyed::key);
    let claim_rules = declared.claim_rules.iter().flatten().filter_map(|rule| rule.name.clone());
    let connections = declared.connections.iter().flatten().filter_map(|connection| connection.slug.clone());
    let webhooks = declared.webhooks.iter().flatten().filter_map(|webhook| webhook.name.clone());
    let lists = [
        attributes.collect::<Vec<_>>(),
        apis.collect(),
        clients.collect(),
        roles.collect(),
        groups.collect(),
        claim_rules.collect(),
        connections.collect(),
        webhooks.collect(),
    ];
    for names in lists {
        if let Some((_, twice)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            return Err(DeclarationRejected::Twice(twice.clone()));
        }
    }
    Ok(declared)
}

fn section<T: Document>(lists: &Map<String, Value>, name: &'static str) -> Result<Option<T>, DeclarationRejected> {
    let Some(section) = lists.get(name) else { return Ok(None) };
    document::read(&section.to_string()).map(Some).map_err(|why| DeclarationRejected::Section { section: name, why })
}

fn list<T: Document>(lists: &Map<String, Value>, name: &'static str) -> Result<Option<Vec<T>>, DeclarationRejected> {
    let Some(list) = lists.get(name) else { return Ok(None) };
    let entries = list.as_array().ok_or(DeclarationRejected::NoList(name))?;
    let entry = |(at, entry): (usize, &Value)| {
        document::read(&entry.to_string()).map_err(|why| DeclarationRejected::Entry { list: name, at, why })
    };
    entries.iter().enumerate().map(entry).collect::<Result<_, _>>().map(Some)
}

impl Declaration {
    /// The declaration as it is written to a file. It has no secret.
    pub fn to_document(&self) -> Value {
        let mut lists = Map::new();
        let mut put = |name: &str, entries: Vec<Map<String, Value>>| {
            lists.insert(name.to_owned(), entries.into_iter().map(Value::Object).collect());
        };
        if let Some(attributes) = self.attributes.as_ref().filter(|attributes| !attributes.is_empty()) {
            put(ATTRIBUTES, attributes.iter().map(written::<AttributeResource>).collect());
        }
        if let Some(connections) = &self.connections {
            put(CONNECTIONS, connections.iter().map(written::<ConnectionResource>).collect());
        }
        if let Some(apis) = self.apis.as_ref().filter(|apis| !apis.is_empty()) {
            put(APIS, apis.iter().map(written::<ApiResource>).collect());
        }
        if let Some(clients) = &self.clients {
            put(CLIENTS, clients.iter().map(written::<ClientResource>).collect());
        }
        if let Some(roles) = self.roles.as_ref().filter(|roles| !roles.is_empty()) {
            put(ROLES, roles.iter().map(written::<RoleResource>).collect());
        }
        if let Some(groups) = self.groups.as_ref().filter(|groups| !groups.is_empty()) {
            put(GROUPS, groups.iter().map(written::<GroupResource>).collect());
        }
        if let Some(rules) = self.claim_rules.as_ref().filter(|rules| !rules.is_empty()) {
            put(CLAIM_RULES, rules.iter().map(written::<ClaimRuleResource>).collect());
        }
        if let Some(webhooks) = self.webhooks.as_ref().filter(|webhooks| !webhooks.is_empty()) {
            put(WEBHOOKS, webhooks.iter().map(written::<WebhookResource>).collect());
        }
        if let Some(sign_in) = &self.sign_in {
            lists.insert(SIGN_IN.to_owned(), Value::Object(written(sign_in)));
        }
        // Nothing is how it is without being said.
        if let Some(branding) = self.branding.as_ref().map(written).filter(|branding| !branding.is_empty()) {
            lists.insert(BRANDING.to_owned(), Value::Object(branding));
        }
        let is_off = |signing: &&SigningResource| signing.algorithms_off.iter().flatten().next().is_some();
        if let Some(signing) = self.signing.as_ref().filter(is_off) {
            lists.insert(SIGNING.to_owned(), Value::Object(written(signing)));
        }
        Value::Object(lists)
    }
}

/// The members of an entry that say something: what is empty is so without being said.
fn written<T: Document>(entry: &T) -> Map<String, Value> {
    let mut members = members(entry);
    members.retain(|_, value| !value.is_null());
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_known_is_refused_by_its_name() {
        let said = |value: Value| read(&value).unwrap_err().to_string();
        assert_eq!(
            said(json!({ "apps": [] })),
            "there is no apps: a declaration has the lists attributes, apis, clients, roles, groups, claim_rules, connections and webhooks, and sign_in, branding and signing"
        );
        assert_eq!(said(json!({ "clients": {} })), "clients must be a list of objects");
        let typo = said(json!({ "clients": [{ "client_id": "a" }, { "client_nam": "Shop" }] }));
        assert_eq!(typo, "clients[1]: there is no client_nam; did you mean client_name?");
        assert_eq!(said(json!({ "clients": [{ "client_id": "a" }, { "client_id": "a" }] })), "a is declared twice");
        assert_eq!(read(&json!({})).unwrap(), Declaration::default());
    }
}
