//! Declared APIs.

use std::borrow::Cow;

use super::apply::{Declared, Known, others, rejected};
use super::clients::asks;
use super::difference::change;
use super::{Action, Declaration, DeclaredKind, Step, StepRejected, Undeclared};
use crate::admin::apis::{self, ApiResource};
use crate::admin::clients::PAGE;
use crate::admin::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::{Api, Client};
use crate::protocol::resource::normalized;

/// The documents of all APIs, without what only the server sets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ApiResource>, Rejected> {
    let declared = |api: &Api| ApiResource {
        id: None,
        managed_by: None,
        created_at: None,
        version: None,
        ..ApiResource::from(api)
    };
    Ok(apis::declared(admin, authority).await?.iter().map(declared).collect())
}

/// Takes back what is not declared. Where that is only tried the clients are still as they were: those that the declaration is about are taken to be as it
/// has them.
pub(super) async fn delete_others(
    admin: &Administration,
    authority: &ProvenAuthority,
    (declaration, undeclared): (&Declaration, Undeclared<'_>),
    steps: &mut Vec<Step>,
) -> Result<(), StepRejected> {
    let Some(declared) = &declaration.apis else { return Ok(()) };
    for name in others(admin, authority, declared).await? {
        let action = undeclared.action(DeclaredKind::Api, &name);
        let done = match action {
            Action::Delete if authority.tries() => try_delete(admin, authority, declaration, &name).await,
            Action::Delete => ApiResource::delete(admin, authority, &name).await,
            _ => Ok(()),
        };
        done.map_err(|why| rejected::<ApiResource>(&name, why))?;
        steps.push(Step::of(DeclaredKind::Api, name, action));
    }
    Ok(())
}

async fn try_delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    declaration: &Declaration,
    name: &str,
) -> Result<(), Rejected> {
    let api = apis::find(admin, authority, name).await?.ok_or(Rejected::NotFound(Aggregate::Api))?;
    let (mut left, mut after) = (0, None);
    loop {
        let page = apis::clients_of(admin, authority, &api, after.as_ref(), PAGE).await?;
        left += page.items.iter().filter(|client| goes_on_asking(client, &api, declaration, authority)).count();
        match page.items.into_iter().last().filter(|_| page.more) {
            Some(last) => after = Some(last.id),
            None if left == 0 => return Ok(()),
            None => return Err(Rejected::InUse(left)),
        }
    }
}

/// Whether a client that may ask for an API may once the declaration is applied, and what it does not declare is gone.
fn goes_on_asking(client: &Client, api: &Api, declaration: &Declaration, authority: &ProvenAuthority) -> bool {
    let Some(declared) = &declaration.clients else { return true };
    match declared.iter().find(|one| one.client_id.as_deref() == Some(client.id.as_str())) {
        Some(document) => document.resources.as_ref().is_none_or(|said| said.iter().any(|one| api.resource.names(one))),
        None => {
            client.id.is_of_system() || asks(client, authority) || !authority.is_manager(client.managed_by.as_ref())
        }
    }
}

impl Declared for ApiResource {
    const KIND: DeclaredKind = DeclaredKind::Api;
    const PERMISSION: Permission = Permission::WriteClients;

    fn name(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    fn key_of(resource: &str) -> Cow<'_, str> {
        normalized(resource)
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("resource"))?;
        let Some(was) = apis::find(admin, authority, name).await? else {
            apis::create(admin, authority, self).await?;
            return Ok(Step::of(Self::KIND, name.to_owned(), Action::Create));
        };
        let is = apis::update(admin, authority, was.id, self).await?;
        Ok(Step::of(Self::KIND, name.to_owned(), change(&Self::from(&was), &Self::from(&is))))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        let known = |api: &Api| Known::new(api.resource.as_str().to_owned(), api.managed_by.as_ref());
        Ok(apis::declared(admin, authority).await?.iter().map(known).collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        let api = apis::find(admin, authority, name).await?.ok_or(Rejected::NotFound(Aggregate::Api))?;
        apis::delete(admin, authority, api.id).await
    }
}
