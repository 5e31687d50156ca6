//! Declared groups, and declared roles in apps. Who has them is not declared.
//!
//! A group names roles, and a role a client, that the same declaration makes: where it is only tried, they are not there, and are taken to be.

use std::collections::BTreeSet;

use tokio::sync::OnceCell;

use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, Declaration, DeclaredKind, Step};
use crate::admin::affiliations::{self, Defined, Definition, GroupResource, RoleResource};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::AffiliationKind;

/// The documents of all groups, without what only the server sets.
pub(super) async fn groups(admin: &Administration, authority: &Authority) -> Result<Vec<GroupResource>, Rejected> {
    let declared =
        |one: GroupResource| GroupResource { id: None, managed_by: None, created_at: None, version: None, ..one };
    Ok(all(admin, authority).await?.into_iter().map(declared).collect())
}

/// The same of all roles.
pub(super) async fn roles(admin: &Administration, authority: &Authority) -> Result<Vec<RoleResource>, Rejected> {
    let declared =
        |one: RoleResource| RoleResource { id: None, managed_by: None, created_at: None, version: None, ..one };
    Ok(all(admin, authority).await?.into_iter().map(declared).collect())
}

async fn all<D: Definition>(admin: &Administration, authority: &Authority) -> Result<Vec<D>, Rejected> {
    let found = affiliations::list::<D>(admin, authority, (None, None), u32::MAX).await?;
    Ok(found.items.iter().map(D::of).collect())
}

/// A document that is declared, beside what else the declaration makes.
pub(super) struct Among<'a, D> {
    document: &'a D,
    key: Option<String>,
    others: &'a Others,
}

/// The clients, roles and attributes of a declaration.
#[derive(Debug, Default)]
pub(super) struct Others {
    attributes: BTreeSet<String>,
    clients: BTreeSet<String>,
    roles: BTreeSet<String>,
    clients_there: OnceCell<BTreeSet<String>>,
    roles_there: OnceCell<BTreeSet<String>>,
}

/// Those that there are already.
pub(super) struct There<'a> {
    clients: &'a BTreeSet<String>,
    roles: &'a BTreeSet<String>,
}

impl Others {
    /// Those of this one.
    pub(super) fn of(declared: &Declaration) -> Self {
        Self {
            attributes: declared.attributes.iter().flatten().filter_map(|one| one.name.clone()).collect(),
            clients: declared.clients.iter().flatten().filter_map(|client| client.client_id.clone()).collect(),
            roles: declared.roles.iter().flatten().filter_map(Keyed::key).collect(),
            ..Self::default()
        }
    }

    /// The clients that there are. They are read once: only a plan asks, and it changes nothing.
    pub(super) async fn clients_there(
        &self,
        admin: &Administration,
        authority: &Authority,
    ) -> Result<&BTreeSet<String>, Rejected> {
        self.clients_there.get_or_try_init(|| super::clients::ids(admin, authority)).await
    }

    /// The same of roles.
    async fn roles_there(&self, admin: &Administration, authority: &Authority) -> Result<&BTreeSet<String>, Rejected> {
        self.roles_there.get_or_try_init(|| role_keys(admin, authority)).await
    }

    /// Which of those that a document may name there are.
    async fn there(&self, admin: &Administration, authority: &Authority) -> Result<There<'_>, Rejected> {
        let roles = self.roles_there(admin, authority).await?;
        Ok(There { roles, clients: self.clients_there(admin, authority).await? })
    }

    /// Whether it makes an attribute of this name.
    pub(super) fn has_attribute(&self, name: &str) -> bool {
        self.attributes.contains(name)
    }

    /// Whether it makes a client of this id.
    pub(super) fn has_client(&self, id: &str) -> bool {
        self.clients.contains(id)
    }

    /// These documents among them.
    pub(super) fn around<'a, D: Keyed>(&'a self, documents: &'a [D]) -> Vec<Among<'a, D>> {
        documents.iter().map(|document| Among { document, key: document.key(), others: self }).collect()
    }
}

/// A document of one of the two, as it is declared.
pub(super) trait Keyed: Definition {
    /// What tells two of them apart.
    fn key(&self) -> Option<String>;

    /// It without what is not there yet, and is to be; `None` where nothing of it can be there before.
    fn as_far_as_there_is(&self, others: &Others, there: &There<'_>) -> Option<Self>;
}

impl Keyed for GroupResource {
    fn key(&self) -> Option<String> {
        self.name.clone()
    }

    fn as_far_as_there_is(&self, others: &Others, there: &There<'_>) -> Option<Self> {
        let mut known = self.clone();
        if let Some(roles) = &mut known.roles {
            roles.retain(|role| !others.roles.contains(role) || there.roles.contains(role));
        }
        Some(known)
    }
}

impl Keyed for RoleResource {
    fn key(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        let client = self.client_id.as_deref().filter(|client| !client.is_empty());
        Some(client.map_or_else(|| name.clone(), |client| format!("{client}:{name}")))
    }

    fn as_far_as_there_is(&self, others: &Others, there: &There<'_>) -> Option<Self> {
        let client = self.client_id.as_deref().unwrap_or_default();
        (client.is_empty() || !others.clients.contains(client) || there.clients.contains(client)).then(|| self.clone())
    }
}

async fn role_keys(admin: &Administration, authority: &Authority) -> Result<BTreeSet<String>, Rejected> {
    let all = affiliations::catalogue(admin, authority).await?;
    Ok(all.of_kind(AffiliationKind::Role).iter().map(|role| role.key()).collect())
}

impl<D: Keyed> Declared for Among<'_, D> {
    const KIND: DeclaredKind = match D::KIND {
        AffiliationKind::Group => DeclaredKind::Group,
        AffiliationKind::Role => DeclaredKind::Role,
    };
    const PERMISSION: Permission = Permission::WriteGroups;

    fn name(&self) -> Option<&str> {
        self.key.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let key = self.key.clone().ok_or_else(|| FieldError::Missing.of("name"))?;
        let mut document = self.document.clone();
        if authority.tries() {
            let there = self.others.there(admin, authority).await?;
            match document.as_far_as_there_is(self.others, &there) {
                Some(rest) => document = rest,
                None => return Ok(Step::of(Self::KIND, key, Action::Create)),
            }
        }
        let Some(was) = affiliations::find::<D>(admin, authority, &key).await? else {
            affiliations::create(admin, authority, &document).await?;
            return Ok(Step::of(Self::KIND, key, Action::Create));
        };
        let mut is = affiliations::update(admin, authority, was.affiliation.id, &document).await?;
        if let Some(roles) = self.document.said().roles() {
            is.roles = roles.to_vec();
            is.roles.sort();
            is.roles.dedup();
        }
        Ok(Step::of(Self::KIND, key, change(&D::of(&was), &D::of(&is))))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        let found = affiliations::list::<D>(admin, authority, (None, None), u32::MAX).await?;
        let known = |one: &Defined| Known::new(one.affiliation.key(), one.affiliation.managed_by.as_ref());
        Ok(found.items.iter().map(known).collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        // It may have gone with its client already.
        match affiliations::find::<D>(admin, authority, name).await? {
            Some(one) => affiliations::delete::<D>(admin, authority, one.affiliation.id).await,
            None => Ok(()),
        }
    }
}
