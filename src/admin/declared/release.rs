//! Whose files manage something, and giving it back.

use super::DeclaredKind;
use super::apply::Declared;
use super::claim_rules::{AGGREGATE as CLAIM_RULE, PERMISSION as WRITE_CLAIM_RULES};
use super::webhooks::find as webhook;
use crate::admin::affiliations::{self, GroupResource, RoleResource};
use crate::admin::apis::{self, ApiResource};
use crate::admin::attributes::{self, AttributeResource};
use crate::admin::claim_rules;
use crate::admin::clients::{self, ClientResource};
use crate::admin::connections::{self, ConnectionResource};
use crate::admin::webhooks::{self, WebhookResource};
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, Target, policy};
use crate::model::client::ClientId;
use crate::model::connection::Slug;
use crate::model::manager::Manager;
use crate::model::policy::PolicySection;

impl DeclaredKind {
    /// Every kind: files can manage each.
    pub const ALL: &[Self] = &[
        Self::Attribute,
        Self::Api,
        Self::Client,
        Self::Role,
        Self::Group,
        Self::ClaimRule,
        Self::Connection,
        Self::Webhook,
        Self::Policy,
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// What changing it takes.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Attribute => AttributeResource::PERMISSION,
            Self::Api => ApiResource::PERMISSION,
            Self::Client => ClientResource::PERMISSION,
            Self::ClaimRule => WRITE_CLAIM_RULES,
            Self::Connection => ConnectionResource::PERMISSION,
            Self::Webhook => WebhookResource::PERMISSION,
            Self::Role | Self::Group => Permission::WriteGroups,
            Self::Policy => Permission::WriteSettings,
        }
    }

    const fn aggregate(self) -> Aggregate {
        match self {
            Self::Attribute => Aggregate::Attribute,
            Self::Api => Aggregate::Api,
            Self::Client => Aggregate::Client,
            Self::ClaimRule => CLAIM_RULE,
            Self::Connection => Aggregate::Connection,
            Self::Webhook => Aggregate::Webhook,
            Self::Role => Aggregate::AppRole,
            Self::Group => Aggregate::Group,
            Self::Policy => Aggregate::Policy,
        }
    }
}

/// Whose files manage the thing of this name; `None` where none do.
pub async fn managed_by(
    admin: &Administration,
    authority: &Authority,
    kind: DeclaredKind,
    name: &str,
) -> Result<Option<Manager>, Rejected> {
    let found = match kind {
        DeclaredKind::Attribute => attributes::find(admin, authority, name).await?.map(|one| one.managed_by),
        DeclaredKind::Api => apis::find(admin, authority, name).await?.map(|one| one.managed_by),
        DeclaredKind::Client => match ClientId::parse(name) {
            Ok(id) => clients::find(admin, authority, &id).await?.map(|one| one.managed_by),
            Err(_) => None,
        },
        DeclaredKind::ClaimRule => claim_rules::find(admin, authority, name).await?.map(|one| one.managed_by),
        DeclaredKind::Connection => match Slug::parse(name) {
            Ok(slug) => connections::find(admin, authority, &slug).await?.map(|one| one.managed_by),
            Err(_) => None,
        },
        DeclaredKind::Webhook => webhook(admin, authority, name).await?.map(|one| one.managed_by),
        DeclaredKind::Role => {
            affiliations::find::<RoleResource>(admin, authority, name).await?.map(|one| one.affiliation.managed_by)
        }
        DeclaredKind::Group => {
            affiliations::find::<GroupResource>(admin, authority, name).await?.map(|one| one.affiliation.managed_by)
        }
        DeclaredKind::Policy => match PolicySection::named(name) {
            Some(section) => Some(policy::find(admin, authority).await?.manager(section).cloned()),
            None => None,
        },
    };
    found.ok_or(Rejected::NotFound(kind.aggregate()))
}

/// Gives the thing of this name back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    kind: DeclaredKind,
    name: &str,
) -> Result<(), Rejected> {
    let nothing = || Rejected::NotFound(kind.aggregate());
    match kind {
        DeclaredKind::Attribute => attributes::release(admin, authority, Target::from(name.to_owned())).await.map(drop),
        DeclaredKind::Api => {
            let found = apis::find(admin, authority, name).await?.ok_or_else(nothing)?;
            apis::release(admin, authority, found.id).await.map(drop)
        }
        DeclaredKind::Client => {
            let id = ClientId::parse(name).map_err(|_| nothing())?;
            clients::release(admin, authority, id).await.map(drop)
        }
        DeclaredKind::ClaimRule => {
            let slug = Slug::parse(name).map_err(|_| nothing())?;
            claim_rules::release(admin, authority, slug).await.map(drop)
        }
        DeclaredKind::Connection => {
            let slug = Slug::parse(name).map_err(|_| nothing())?;
            connections::release(admin, authority, slug).await.map(drop)
        }
        DeclaredKind::Webhook => {
            let found = webhook(admin, authority, name).await?.ok_or_else(nothing)?;
            webhooks::release(admin, authority, found.id).await.map(drop)
        }
        DeclaredKind::Role => {
            let found = affiliations::find::<RoleResource>(admin, authority, name).await?.ok_or_else(nothing)?;
            affiliations::release::<RoleResource>(admin, authority, found.affiliation.id).await.map(drop)
        }
        DeclaredKind::Group => {
            let found = affiliations::find::<GroupResource>(admin, authority, name).await?.ok_or_else(nothing)?;
            affiliations::release::<GroupResource>(admin, authority, found.affiliation.id).await.map(drop)
        }
        DeclaredKind::Policy => {
            let section = PolicySection::named(name).ok_or_else(nothing)?;
            policy::release(admin, authority, (), section).await.map(drop)
        }
    }
}
