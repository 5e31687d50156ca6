//! What entries of the audit log happened to, beside people and apps: what each is called, and where its page is, as long as it is there.
//!
//! Owns the table of both, a row for each kind of target. Leaves people and apps, which entries name at more than one place, to `row`.

use std::collections::HashSet;

use super::super::room::Room;
use crate::admin::{
    Administration, Authority, Permission, Rejected, affiliations, apis, attributes, claim_rules, connections, webhooks,
};
use crate::model::affiliation::{AffiliationKind, Catalogue};
use crate::model::attribute::Definitions;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::claim_rule::Rules;
use crate::model::policy::PolicySection;
use crate::model::{Apis, AuditEvent, Connection, Webhook};

/// What there is of each kind that some entries name, as far as the reader may see it. There are few of each.
pub(super) struct Objects {
    connections: Vec<Connection>,
    webhooks: Vec<Webhook>,
    apis: Option<Apis>,
    affiliations: Option<Catalogue>,
    attributes: Option<Definitions>,
    rules: Option<Rules>,
}

/// What something is called, and where its page is.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) path: String,
}

impl Objects {
    /// Those that entries name.
    pub(super) async fn in_entries(
        admin: &Administration,
        authority: &Authority,
        events: &[AuditEvent],
    ) -> Result<Self, Rejected> {
        let kinds: HashSet<&str> =
            events.iter().filter_map(AuditEvent::happened_to).map(|target| target.kind()).collect();
        let wants = |kind: &str, needed| kinds.contains(kind) && authority.allows(needed);
        let mut objects = Self::none();
        if wants("connection", Permission::ReadConnections) {
            objects.connections = connections::list(admin, authority).await?;
        }
        if wants("webhook", Permission::ReadWebhooks) {
            objects.webhooks = webhooks::list(admin, authority).await?;
        }
        if wants("api", Permission::ReadClients) {
            objects.apis = Some(apis::declared(admin, authority).await?);
        }
        if wants("affiliation", Permission::ReadUsers) {
            objects.affiliations = Some(affiliations::catalogue(admin, authority).await?);
        }
        if wants("attribute", Permission::ReadUsers) {
            objects.attributes = Some(attributes::list(admin, authority).await?);
        }
        if wants("claim_rule", Permission::ReadUsers) {
            objects.rules = Some(claim_rules::list(admin, authority).await?);
        }
        Ok(objects)
    }

    const fn none() -> Self {
        Self {
            connections: Vec::new(),
            webhooks: Vec::new(),
            apis: None,
            affiliations: None,
            attributes: None,
            rules: None,
        }
    }

    /// What the target of an entry is called and where it is; `None` of what has no page, or is no more.
    pub(super) fn place(&self, target: &AuditTarget) -> Option<Place> {
        let at = |room: Room, key: &str| format!("{}/{key}", room.path());
        let (name, path) = match target {
            // People and apps are the row's own, a session is somebody's, and the server is no thing of its own.
            AuditTarget::User(_) | AuditTarget::Client(_) | AuditTarget::Session(_) | AuditTarget::Server => {
                return None;
            }
            // One page has them all, those that are gone too.
            AuditTarget::Key(id) => (id.to_string(), Room::Keys.path().to_owned()),
            AuditTarget::Connection(id) => {
                let slug = self.connections.iter().find(|one| one.id == *id)?.slug.to_string();
                let path = at(Room::Connections, &slug);
                (slug, path)
            }
            AuditTarget::Webhook(id) => {
                let webhook = self.webhooks.iter().find(|one| one.id == *id)?;
                (webhook.known_as(), at(Room::Webhooks, &id.to_string()))
            }
            AuditTarget::Api(id) => {
                let api = self.apis.as_ref()?.get(*id)?;
                (api.resource.as_str().to_owned(), at(Room::Apis, &id.to_string()))
            }
            AuditTarget::Affiliation(id) => {
                let one = self.affiliations.as_ref()?.get(*id)?;
                let room = match one.kind() {
                    AffiliationKind::Group => Room::Groups,
                    AffiliationKind::Role => Room::Roles,
                };
                (one.key(), at(room, &id.to_string()))
            }
            AuditTarget::Attribute(name) => {
                let known = self.attributes.as_ref()?.find(name)?;
                (known.name.clone(), at(Room::People, &format!("attributes/{name}")))
            }
            AuditTarget::ClaimRule(name) => {
                let rule = self.rules.as_ref()?.find(name)?;
                (rule.name.to_string(), at(Room::Claims, &format!("rules/{name}")))
            }
        };
        Some(Place { name, path })
    }
}

/// Where it is seen what happened to the server as a whole.
pub(super) fn of_server(event: &AuditEvent) -> Option<&'static str> {
    let room = match event.kind {
        AuditKind::PolicyChanged => {
            let (section, _) = event.detail.as_deref()?.split_once(':')?;
            match PolicySection::ALL.iter().find(|one| one.as_str() == section)? {
                PolicySection::SignIn => Room::SignIn,
                PolicySection::Branding => Room::Branding,
                PolicySection::Signing => Room::Keys,
            }
        }
        AuditKind::KeysRotated => Room::Keys,
        AuditKind::PeopleExported => Room::People,
        AuditKind::IssuerChanged => Room::Settings,
        _ => return None,
    };
    Some(room.path())
}
