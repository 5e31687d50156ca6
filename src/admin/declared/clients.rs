//! Declared clients.

use std::collections::BTreeSet;

use super::difference::change;
use super::{Action, DeclaredKind, Step, StepRejected, Undeclared};
use crate::admin::clients::{self, ClientResource, PAGE};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::client::{Client, ClientId};

const KIND: DeclaredKind = DeclaredKind::Client;

/// The documents of all clients, without what only the server sets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ClientResource>, Rejected> {
    Ok(all(admin, authority).await?.iter().map(declared).collect())
}

/// What an operator says of a client.
fn declared(client: &Client) -> ClientResource {
    ClientResource {
        client_id_issued_at: None,
        application_type: None,
        response_types: None,
        secrets: None,
        security: None,
        recent_logins: None,
        updated_at: None,
        version: None,
        ..ClientResource::from(client)
    }
}

/// Every client that is not one of the server's own.
async fn all(admin: &Administration, authority: &Authority) -> Result<Vec<Client>, Rejected> {
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

pub(super) async fn apply(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &[ClientResource],
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    let rejected = |name: &str, why| StepRejected { kind: KIND, name: name.to_owned(), why };
    authority.require(Permission::WriteClients).map_err(|why| rejected("*", why))?;
    let (mut steps, mut named) = (Vec::new(), BTreeSet::new());
    for document in declared {
        let name = document.client_id.clone().unwrap_or_default();
        let step = one(admin, authority, document).await.map_err(|why| StepRejected {
            kind: KIND,
            name: name.clone(),
            why,
        })?;
        steps.push(step);
        named.insert(name);
    }
    if undeclared == Undeclared::Goes {
        for client in all(admin, authority).await.map_err(|why| rejected("*", why))? {
            let name = client.id.to_string();
            if !named.contains(&name) {
                clients::delete(admin, authority, &client.id).await.map_err(|why| rejected(&name, why))?;
                steps.push(Step::of(KIND, name, Action::Delete));
            }
        }
    }
    Ok(steps)
}

async fn one(admin: &Administration, authority: &ProvenAuthority, document: &ClientResource) -> Result<Step, Rejected> {
    let name = document.client_id.as_deref().ok_or_else(|| FieldError::Missing.of("client_id"))?;
    let id = ClientId::parse(name)?;
    let Some(was) = clients::find(admin, authority, &id).await? else {
        let made = clients::create(admin, authority, document.clone()).await?;
        // One that was brought along is known already.
        let secret = made.secret.filter(|_| document.client_secret.is_none());
        return Ok(Step { secret, ..Step::of(KIND, name.to_owned(), Action::Create) });
    };
    // A secret is brought along by a new client only; whether it may be used is switched.
    let said = ClientResource { client_secret: None, enabled: None, ..document.clone() };
    let updated = clients::update(admin, authority, &id, &said).await?;
    let mut is = updated.client;
    if let Some(enabled) = document.enabled.filter(|enabled| *enabled != was.enabled) {
        clients::set_enabled(admin, authority, &id, enabled).await?;
        is.enabled = enabled;
    }
    let action = change(&ClientResource::from(&was), &ClientResource::from(&is));
    Ok(Step { secret: updated.secret, ..Step::of(KIND, name.to_owned(), action) })
}
