//! Declared attributes of accounts.

use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, DeclaredKind, Step};
use crate::admin::attributes::{self, AttributeResource};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected, Target};

/// The documents of all attributes, without what only the server sets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<AttributeResource>, Rejected> {
    let declared = |resource: AttributeResource| AttributeResource {
        managed_by: None,
        created_at: None,
        version: None,
        ..resource
    };
    let all = attributes::list(admin, authority).await?;
    Ok(all.iter().map(AttributeResource::from).map(declared).collect())
}

impl Declared for AttributeResource {
    const KIND: DeclaredKind = DeclaredKind::Attribute;
    const PERMISSION: Permission = Permission::WriteAttributes;

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("name"))?.to_owned();
        let Some(was) = attributes::find(admin, authority, &name).await? else {
            attributes::create(admin, authority, self.clone()).await?;
            return Ok(Step::of(Self::KIND, name, Action::Create));
        };
        let is = attributes::update(admin, authority, Target::from(name.clone()), self).await?;
        Ok(Step::of(Self::KIND, name, change(&Self::from(&was), &Self::from(&is))))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        Ok(attributes::list(admin, authority)
            .await?
            .iter()
            .map(|one| Known::new(one.name.clone(), one.managed_by.as_ref()))
            .collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        attributes::delete(admin, authority, Target::from(name.to_owned())).await
    }
}
