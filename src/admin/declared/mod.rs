//! Declared configuration: the APIs, clients, connections, webhooks, groups, roles, claim rules and policy that a server is to have, as one document; what differs from it,
//! and making it so.
//!
//! Owns which differences there are and in which order they are mended. Leaves every change and its rules to `clients`, `connections`, `webhooks` and `policy`: a plan is
//! an application by an authority that only tries ([`ProvenAuthority::trying`]), so it says what would happen, and refuses what would be refused.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

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
mod logos;
mod policy;
mod release;
mod schema;
mod sent;
mod webhooks;

use affiliations::Others;
use claim_rules::Among;
pub use document::{DeclarationRejected, MAX_ENTRIES, read};
pub use logos::{DeclaredLogo, NotADeclaredLogo, export_logos};
pub use release::{managed_by, release};
pub use schema::{SECRETS, schema};
pub use sent::{MAX_SENT, Sent, SentRejected, apply_sent};

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
    /// The logos that something of this is said of.
    pub logos: Vec<DeclaredLogo>,
}

/// What is done with what there is and is not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undeclared<'a> {
    /// It stays.
    Stays,
    /// It is deleted, with everything that came of it.
    Goes,
    /// The same of what somebody agreed to see deleted. What came since stays, and is said.
    Confirmed(&'a BTreeSet<Deletion>),
}

/// Something that is deleted, or was agreed to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deletion {
    /// What it is.
    #[schema(value_type = String)]
    pub kind: DeclaredKind,
    /// Its id, as the plan has it.
    pub name: String,
}

/// What something is that is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// It is there and is not declared, and nobody agreed to see it deleted: it stays.
    Leave,
    /// It is as it is declared.
    Keep,
}

/// A member that is another in the declaration than on the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The registered name of the member.
    pub member: String,
    /// What it is.
    pub is: Value,
    /// What it is to be.
    pub declared: Value,
}

/// What is done about one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What was done before, with the secrets that were made: nothing shows them again.
    pub done: Vec<Step>,
}

impl Undeclared<'_> {
    /// What becomes of this one.
    fn action(self, kind: DeclaredKind, name: &str) -> Action {
        let goes = match self {
            Self::Stays => false,
            Self::Goes => true,
            Self::Confirmed(these) => these.contains(&Deletion { kind, name: name.to_owned() }),
        };
        if goes { Action::Delete } else { Action::Leave }
    }
}

impl StepRejected {
    const fn new(kind: DeclaredKind, name: String, why: Rejected) -> Self {
        Self { kind, name, why, done: Vec::new() }
    }
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
        !matches!(self.action, Action::Keep | Action::Leave)
    }

    /// It as a document, with the secret that it was given.
    pub fn shown(&self) -> serde_json::Result<Value> {
        let mut shown = serde_json::to_value(self)?;
        if let Some(secret) = &self.secret {
            shown[self.secret_member()] = secret.expose().as_str().into();
        }
        Ok(shown)
    }

    /// The one that this document shows.
    pub fn of_shown(shown: &Value) -> serde_json::Result<Self> {
        let step = Self::deserialize(shown)?;
        let secret = shown[step.secret_member()].as_str().map(Secret::<String>::from);
        Ok(Self { secret, ..step })
    }
}

/// The declaration of what there is now: everything that can be said again in a text, and no secret.
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
        logos: Vec::new(),
    })
}

/// What would be done to have what is declared. Nothing is.
pub async fn plan(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &Declaration,
    undeclared: Undeclared<'_>,
) -> Result<Vec<Step>, StepRejected> {
    apply(admin, &authority.clone().trying(), declared, undeclared).await
}

/// Makes the server have what is declared, one thing after another; what is so already is left alone. Where one is refused, those before it
/// are done, and are told along with the refusal: applied again, it goes on there.
pub async fn apply(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &Declaration,
    undeclared: Undeclared<'_>,
) -> Result<Vec<Step>, StepRejected> {
    let mut steps = Vec::new();
    let applied = apply_all(admin, authority, (declared, undeclared), &mut steps).await;
    if authority.tries() {
        // What would be made is not: its secret opens nothing, and is not told.
        for step in &mut steps {
            step.secret = None;
        }
        return applied.map(|()| steps);
    }
    match applied {
        Ok(()) => Ok(steps),
        Err(refused) => Err(StepRejected { done: steps, ..refused }),
    }
}

async fn apply_all(
    admin: &Administration,
    authority: &ProvenAuthority,
    (declared, undeclared): (&Declaration, Undeclared<'_>),
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    if let Some(declared) = &declared.attributes {
        apply::apply(admin, authority, (declared.as_slice(), undeclared), steps).await?;
    }
    if let Some(declared) = &declared.connections {
        apply::apply(admin, authority, (declared.as_slice(), undeclared), steps).await?;
    }
    apply_named(admin, authority, (declared, undeclared), steps).await?;
    if let Some(declared) = &declared.webhooks {
        apply::apply(admin, authority, (declared.as_slice(), undeclared), steps).await?;
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
    // Behind what they are of.
    for logo in &declared.logos {
        steps.extend(logos::apply(admin, authority, logo).await?);
    }
    Ok(())
}

/// What names each other: a client names APIs, a role a client, a group roles, and a rule an attribute and a client. What is named is made before what
/// names it, and goes behind it: so a plan, by which nothing goes, says what an application does.
async fn apply_named(
    admin: &Administration,
    authority: &ProvenAuthority,
    (declared, undeclared): (&Declaration, Undeclared<'_>),
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    let others = Others::of(declared);
    let roles = declared.roles.as_deref().map(|roles| others.around(roles));
    let groups = declared.groups.as_deref().map(|groups| others.around(groups));
    let rules = declared.claim_rules.as_deref().map(|rules| Among::all(rules, &others));
    if let Some(apis) = &declared.apis {
        apply::make_so(admin, authority, apis, steps).await?;
    }
    if let Some(clients) = &declared.clients {
        apply::make_so(admin, authority, clients, steps).await?;
    }
    if let Some(roles) = &roles {
        apply::make_so(admin, authority, roles, steps).await?;
    }
    if let Some(groups) = &groups {
        apply::make_so(admin, authority, groups, steps).await?;
    }
    if let Some(rules) = &rules {
        apply::make_so(admin, authority, rules, steps).await?;
    }
    if undeclared == Undeclared::Stays {
        return Ok(());
    }
    if let Some(rules) = &rules {
        apply::delete_others(admin, authority, (rules.as_slice(), undeclared), steps).await?;
    }
    if let Some(groups) = &groups {
        apply::delete_others(admin, authority, (groups.as_slice(), undeclared), steps).await?;
    }
    if let Some(roles) = &roles {
        apply::delete_others(admin, authority, (roles.as_slice(), undeclared), steps).await?;
    }
    if let Some(clients) = &declared.clients {
        apply::delete_others(admin, authority, (clients.as_slice(), undeclared), steps).await?;
    }
    apis::delete_others(admin, authority, (declared, undeclared), steps).await
}
