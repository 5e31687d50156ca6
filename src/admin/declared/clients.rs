//! Declared clients.

use std::collections::BTreeSet;

use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, DeclaredKind, Step};
use crate::admin::clients::{self, ClientResource, PAGE};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::audit_event::Actor;
use crate::model::client::{Client, ClientId};

/// The documents of all clients, without what only the server sets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ClientResource>, Rejected> {
    Ok(all(admin, authority).await?.iter().map(declared).collect())
}

/// What an operator says of a client. A logo that was uploaded is a file of its own: see [`export_logos`](super::export_logos).
fn declared(client: &Client) -> ClientResource {
    let shown = ClientResource::from(client);
    ClientResource {
        client_id_issued_at: None,
        application_type: None,
        response_types: None,
        secrets: None,
        security: None,
        recent_logins: None,
        managed_by: None,
        updated_at: None,
        version: None,
        logo_uri: shown.logo_uri.filter(|_| client.presentation.links.logo.is_none()),
        ..shown
    }
}

/// Every client that is not one of the server's own.
pub(super) async fn all(admin: &Administration, authority: &Authority) -> Result<Vec<Client>, Rejected> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = clients::list(admin, authority, after.as_ref(), PAGE).await?;
        after = page.items.last().filter(|_| page.more).map(|last| last.id.clone());
        found.extend(page.items.into_iter().filter(|client| !client.id.is_of_system()));
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// The ids of all of them.
pub(super) async fn ids(admin: &Administration, authority: &Authority) -> Result<BTreeSet<String>, Rejected> {
    Ok(all(admin, authority).await?.iter().map(|client| client.id.to_string()).collect())
}

/// Whether it is the client that asks for this. It stays where it is not declared, too: without it nothing of the rest would be allowed, and it would end half-way.
pub(super) fn asks(client: &Client, authority: &Authority) -> bool {
    matches!(authority.actor(), Actor::Client(id) if *id == client.id)
}

impl Declared for ClientResource {
    const KIND: DeclaredKind = DeclaredKind::Client;
    const PERMISSION: Permission = Permission::WriteClients;

    fn name(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("client_id"))?;
        let id = ClientId::parse(name)?;
        let Some(was) = clients::find(admin, authority, &id).await? else {
            let made = clients::create(admin, authority, self.clone()).await?;
            // One that was brought along is known already.
            let secret = made.secret.filter(|_| self.client_secret.is_none());
            return Ok(Step { secret, ..Step::of(Self::KIND, name.to_owned(), Action::Create) });
        };
        // A secret is brought along by a new client only; whether it may be used is switched.
        let said = Self { client_secret: None, enabled: None, ..self.clone() };
        let updated = clients::update(admin, authority, &id, &said).await?;
        let mut is = updated.client;
        if let Some(enabled) = self.enabled.filter(|enabled| *enabled != was.enabled) {
            clients::set_enabled(admin, authority, &id, enabled).await?;
            is.enabled = enabled;
        }
        let action = change(&Self::from(&was), &Self::from(&is));
        Ok(Step { secret: updated.secret, ..Step::of(Self::KIND, name.to_owned(), action) })
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        Ok(all(admin, authority)
            .await?
            .iter()
            .filter(|client| !asks(client, authority))
            .map(|client| Known::new(client.id.to_string(), client.managed_by.as_ref()))
            .collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        clients::delete(admin, authority, ClientId::parse(name)?).await
    }
}
