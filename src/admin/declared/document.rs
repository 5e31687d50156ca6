//! A declaration as a document: an object with a list for each kind of thing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::affiliations::Keyed;
use super::logos::{self, NotADeclaredLogo};
use super::policy::{BRANDING, SIGN_IN, SIGNING};
use super::{Declaration, DeclaredKind};
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

/// The most entries of all its lists together: each is looked up, and changed, by itself.
pub const MAX_ENTRIES: usize = 20_000;

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
    /// The logo of an entry or a section is none.
    #[error(transparent)]
    Logo(#[from] NotADeclaredLogo),
    /// What is sent has more entries than [`MAX_ENTRIES`].
    #[error("a declaration that is sent has at most {most} entries in all; this one has {0}", most = MAX_ENTRIES)]
    TooMany(usize),
    /// Two entries are about the same thing.
    #[error("{0} is declared twice")]
    Twice(String),
}

/// What a declaration may have.
const MEMBERS: &[&str] =
    &[ATTRIBUTES, APIS, CLIENTS, ROLES, GROUPS, CLAIM_RULES, CONNECTIONS, WEBHOOKS, SIGN_IN, BRANDING, SIGNING];

/// Reads a declaration. What is not known is refused, by its name.
pub fn read(value: &Value) -> Result<Declaration, DeclarationRejected> {
    let mut lists = value.as_object().ok_or(DeclarationRejected::NoObject)?.clone();
    if let Some(unknown) = lists.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(DeclarationRejected::UnknownList(unknown.clone()));
    }
    let logos = logos::take(&mut lists, CLIENTS)?;
    let lists = &lists;
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
        logos,
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
        let mut said = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !said.insert(name.as_str())) {
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

/// Where a declaration has the thing of this kind and name, as RFC 6901 writes it: `/clients/0`.
pub(super) fn place(declared: &Declaration, kind: DeclaredKind, name: &str) -> Option<String> {
    let (list, names) = match kind {
        DeclaredKind::Attribute => (ATTRIBUTES, names(declared.attributes.as_deref(), |one| one.name.clone())),
        DeclaredKind::Api => (APIS, names(declared.apis.as_deref(), |one| one.resource.clone())),
        DeclaredKind::Client => (CLIENTS, names(declared.clients.as_deref(), |one| one.client_id.clone())),
        DeclaredKind::Role => (ROLES, names(declared.roles.as_deref(), Keyed::key)),
        DeclaredKind::Group => (GROUPS, names(declared.groups.as_deref(), Keyed::key)),
        DeclaredKind::ClaimRule => (CLAIM_RULES, names(declared.claim_rules.as_deref(), |one| one.name.clone())),
        DeclaredKind::Connection => (CONNECTIONS, names(declared.connections.as_deref(), |one| one.slug.clone())),
        DeclaredKind::Webhook => (WEBHOOKS, names(declared.webhooks.as_deref(), |one| one.name.clone())),
        DeclaredKind::Policy => return Some(format!("/{name}")),
    };
    Some(format!("/{list}/{}", names.iter().position(|known| known == name)?))
}

/// What the entries of a list are called. One without a name is called nothing, as it is where it is refused.
fn names<T>(list: Option<&[T]>, name: impl Fn(&T) -> Option<String>) -> Vec<String> {
    list.into_iter().flatten().map(|one| name(one).unwrap_or_default()).collect()
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

    #[test]
    fn a_logo_is_taken_out_of_what_it_is_said_of() {
        let declared = json!({
            "clients": [{ "client_id": "a", "logo": "cGljdHVyZQ==" }, { "client_id": "b", "logo": "" }, { "client_id": "c" }],
            "branding": { "headline": "Hello", "logo": "b3RoZXI=" },
        });
        let declared = read(&declared).unwrap();
        let expected = "[DeclaredLogo { owner: Client(a), bytes: Some(7) }, DeclaredLogo { owner: Client(b), bytes: None }, \
                        DeclaredLogo { owner: Server, bytes: Some(5) }]";
        assert_eq!(format!("{:?}", declared.logos), expected);
        assert_eq!(declared.clients.as_ref().map(Vec::len), Some(3));
    }

    #[test]
    fn what_is_no_logo_is_said_with_its_place() {
        let said = |value: Value| read(&value).unwrap_err().to_string();
        for wrong in [json!("%"), json!(7), json!({ "file": "logo.png" })] {
            let declared = json!({ "clients": [{ "client_id": "a", "logo": wrong }] });
            assert!(said(declared).starts_with("clients[0]: logo must be a picture"), "{wrong}");
        }
        let both = json!({ "branding": { "logo": "", "logo_uri": "" } });
        assert_eq!(said(both), "branding: logo takes the place of logo_uri: say one of them");
    }

    #[test]
    fn what_is_declared_is_found_by_its_kind_and_name() {
        let declared = json!({
            "clients": [{ "client_id": "a" }, { "client_id": "b" }],
            "roles": [{ "name": "reader" }, { "name": "reader", "client_id": "b" }],
            "webhooks": [{ "url": "https://hooks.example/" }],
        });
        let declared = read(&declared).unwrap();
        for (kind, name, there) in [
            (DeclaredKind::Client, "b", Some("/clients/1")),
            (DeclaredKind::Client, "c", None),
            (DeclaredKind::Role, "b:reader", Some("/roles/1")),
            (DeclaredKind::Webhook, "", Some("/webhooks/0")),
            (DeclaredKind::Group, "*", None),
            (DeclaredKind::Policy, "sign_in", Some("/sign_in")),
        ] {
            assert_eq!(place(&declared, kind, name).as_deref(), there, "{kind:?} {name}");
        }
    }
}
