//! Declared configuration: the APIs, clients, connections, webhooks, groups, roles, claim rules and policy that a server is to have, as one document; what differs from it,
//! and making it so.
//!
//! Owns which differences there are and in which order they are mended. Leaves every change and its rules to `clients`, `connections`, `webhooks` and `policy`: a plan is
//! an application by an authority that only tries ([`ProvenAuthority::trying`]), so it says what would happen, and refuses what would be refused.

use serde::Serialize;
use serde_json::Value;

use super::affiliations::{GroupResource, RoleResource};
use super::apis::ApiResource;
use super::attributes::AttributeResource;
use super::claim_rules::ClaimRuleResource;
use super::clients::ClientResource;
use super::connections::ConnectionResource;
use super::policy::{BrandingResource, SignInResource, SigningResource};
use super::webhooks::WebhookResource;
use super::{Administration, Authority, Permission, ProvenAuthority, Rejected};
use crate::support::Secret;

mod affiliations;
mod apis;
mod apply;
mod attributes;
mod claim_rules;
mod clients;
mod connections;
mod difference;
mod document;
mod policy;
mod release;
mod schema;
mod webhooks;

use affiliations::Others;
use claim_rules::Among;
pub use document::{DeclarationRejected, read};
pub use release::{managed_by, release};
pub use schema::{SECRETS, schema};

/// What a server is to have. What is not there is not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// The custom attributes of accounts; `None` where it is not about attributes.
    pub attributes: Option<Vec<AttributeResource>>,
    /// The APIs; `None` where it is not about APIs.
    pub apis: Option<Vec<ApiResource>>,
    /// The clients; `None` where the declaration is not about clients.
    pub clients: Option<Vec<ClientResource>>,
    /// The roles in apps; `None` where it is not about roles.
    pub roles: Option<Vec<RoleResource>>,
    /// The groups; `None` where it is not about groups.
    pub groups: Option<Vec<GroupResource>>,
    /// The claim rules; `None` where it is not about claims.
    pub claim_rules: Option<Vec<ClaimRuleResource>>,
    /// The connections to upstream providers, in the order of their buttons; `None` where it is not about connections.
    pub connections: Option<Vec<ConnectionResource>>,
    /// The webhooks; `None` where it is not about webhooks.
    pub webhooks: Option<Vec<WebhookResource>>,
    /// What is decided about signing up and in; `None` where it is not about that.
    pub sign_in: Option<SignInResource>,
    /// How the pages of end-users present the service; `None` where it is not about that.
    pub branding: Option<BrandingResource>,
    /// Which algorithms are switched off; `None` where it is not about that.
    pub signing: Option<SigningResource>,
}

/// What is done with what there is and is not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undeclared {
    /// It stays.
    Stays,
    /// It is deleted, with everything that came of it.
    Goes,
}

/// What something is that is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum DeclaredKind {
    Attribute,
    Api,
    Client,
    Role,
    Group,
    ClaimRule,
    Connection,
    Webhook,
    Policy,
}

/// What is done about one of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// It is not there.
    Create,
    /// It is there, and is otherwise.
    Change {
        /// What differs.
        differences: Vec<Difference>,
    },
    /// It is there, and is not declared.
    Delete,
    /// It is as it is declared.
    Keep,
}

/// A member that is another in the declaration than on the server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The registered name of the member.
    pub member: String,
    /// What it is.
    pub is: Value,
    /// What it is to be.
    pub declared: Value,
}

/// What is done about one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What it is.
    pub kind: DeclaredKind,
    /// Its id.
    pub name: String,
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// The secret that it was given: the only time that it is shown.
    #[serde(skip)]
    pub secret: Option<Secret<String>>,
}

/// What was refused, and of what.
#[derive(Debug, thiserror::Error)]
#[error("{kind} {name}: {why}", kind = .kind.as_str())]
pub struct StepRejected {
    /// What it is.
    pub kind: DeclaredKind,
    /// Its id, or the place that it has in the declaration.
    pub name: String,
    /// Why it was refused.
    pub why: Rejected,
}

impl DeclaredKind {
    /// What it is called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attribute => "attribute",
            Self::Api => "api",
            Self::Client => "client",
            Self::Role => "role",
            Self::Group => "group",
            Self::ClaimRule => "claim_rule",
            Self::Connection => "connection",
            Self::Webhook => "webhook",
            Self::Policy => "policy",
        }
    }
}

impl Step {
    /// The member that a document of its kind has its secret in.
    pub const fn secret_member(&self) -> &'static str {
        match self.kind {
            DeclaredKind::Webhook => "secret",
            DeclaredKind::Attribute
            | DeclaredKind::Api
            | DeclaredKind::Client
            | DeclaredKind::Role
            | DeclaredKind::Group
            | DeclaredKind::ClaimRule
            | DeclaredKind::Connection
            | DeclaredKind::Policy => "client_secret",
        }
    }

    const fn of(kind: DeclaredKind, name: String, action: Action) -> Self {
        Self { kind, name, action, secret: None }
    }

    /// Whether something is done.
    pub fn is_change(&self) -> bool {
        self.action != Action::Keep
    }
}

/// The declaration of what there is now: everything that can be said again, and no secret.
pub async fn export(admin: &Administration, authority: &Authority) -> Result<Declaration, Rejected> {
    authority.require(Permission::ReadConnections)?;
    authority.require(Permission::ReadClients)?;
    authority.require(Permission::ReadUsers)?;
    authority.require(Permission::ReadWebhooks)?;
    Ok(Declaration {
        attributes: Some(attributes::export(admin, authority).await?),
        apis: Some(apis::export(admin, authority).await?),
        clients: Some(clients::export(admin, authority).await?),
        roles: Some(affiliations::roles(admin, authority).await?),
        groups: Some(affiliations::groups(admin, authority).await?),
        claim_rules: Some(claim_rules::export(admin, authority).await?),
        connections: Some(connections::export(admin, authority).await?),
        webhooks: Some(webhooks::export(admin, authority).await?),
        sign_in: Some(policy::export_sign_in(admin, authority).await?),
        branding: Some(policy::export_branding(admin, authority).await?),
        signing: Some(policy::export_signing(admin, authority).await?),
    })
}

/// What would be done to have what is declared. Nothing is.
pub async fn plan(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &Declaration,
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    apply(admin, &authority.clone().trying(), declared, undeclared).await
}

/// Makes the server have what is declared, one thing after another; what is so already is left alone. Where one is refused, those before it
/// are done: applied again, it goes on there.
pub async fn apply(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &Declaration,
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    let mut steps = Vec::new();
    if let Some(declared) = &declared.attributes {
        steps.extend(apply::apply(admin, authority, declared, undeclared).await?);
    }
    if let Some(declared) = &declared.connections {
        steps.extend(apply::apply(admin, authority, declared, undeclared).await?);
    }
    steps.extend(apply_named(admin, authority, declared, undeclared).await?);
    if let Some(declared) = &declared.webhooks {
        steps.extend(apply::apply(admin, authority, declared, undeclared).await?);
    }
    // Last: passwords may only be switched off where a connection lets an owner in.
    if let Some(declared) = &declared.sign_in {
        steps.push(policy::apply_sign_in(admin, authority, declared).await?);
    }
    if let Some(declared) = &declared.branding {
        steps.push(policy::apply_branding(admin, authority, declared).await?);
    }
    // Behind the clients: an algorithm is switched off once none of them is registered with it.
    if let Some(declared) = &declared.signing {
        steps.push(policy::apply_signing(admin, authority, declared).await?);
    }
    Ok(steps)
}

/// What names each other: a client names APIs, a role a client, a group roles, and a rule an attribute and a client. What is named is made before what
/// names it, and goes behind it: so a plan, by which nothing goes, says what an application does.
async fn apply_named(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &Declaration,
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    let others = Others::of(declared);
    let roles = declared.roles.as_deref().map(|roles| others.around(roles));
    let groups = declared.groups.as_deref().map(|groups| others.around(groups));
    let rules = declared.claim_rules.as_deref().map(|rules| Among::all(rules, &others));
    let mut steps = Vec::new();
    if let Some(apis) = &declared.apis {
        steps.extend(apply::make_so(admin, authority, apis).await?);
    }
    if let Some(clients) = &declared.clients {
        steps.extend(apply::make_so(admin, authority, clients).await?);
    }
    if let Some(roles) = &roles {
        steps.extend(apply::make_so(admin, authority, roles).await?);
    }
    if let Some(groups) = &groups {
        steps.extend(apply::make_so(admin, authority, groups).await?);
    }
    if let Some(rules) = &rules {
        steps.extend(apply::make_so(admin, authority, rules).await?);
    }
    if undeclared == Undeclared::Stays {
        return Ok(steps);
    }
    if let Some(rules) = &rules {
        steps.extend(apply::delete_others(admin, authority, rules).await?);
    }
    if let Some(groups) = &groups {
        steps.extend(apply::delete_others(admin, authority, groups).await?);
    }
    if let Some(roles) = &roles {
        steps.extend(apply::delete_others(admin, authority, roles).await?);
    }
    if let Some(clients) = &declared.clients {
        steps.extend(apply::delete_others(admin, authority, clients).await?);
    }
    steps.extend(apis::delete_others(admin, authority, declared).await?);
    Ok(steps)
}
