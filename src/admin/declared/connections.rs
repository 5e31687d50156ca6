//! Declared connections to upstream providers.

use std::collections::BTreeSet;

use super::difference::change;
use super::{Action, DeclaredKind, Step, StepRejected, Undeclared};
use crate::admin::connections::{self, CameThrough, ConnectionResource};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::Connection;
use crate::model::connection::Slug;

const KIND: DeclaredKind = DeclaredKind::Connection;

/// The documents of all connections, without what only the server sets, and without secrets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ConnectionResource>, Rejected> {
    let declared = |connection: &Connection| ConnectionResource {
        redirect_uris: None,
        secrets: None,
        token_endpoint_auth_method: None,
        created_at: None,
        version: None,
        ..ConnectionResource::of(connection, &admin.issuer)
    };
    Ok(connections::list(admin, authority).await?.iter().map(declared).collect())
}

pub(super) async fn apply(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &[ConnectionResource],
    undeclared: Undeclared,
) -> Result<Vec<Step>, StepRejected> {
    let rejected = |name: &str, why| StepRejected { kind: KIND, name: name.to_owned(), why };
    authority.require(Permission::WriteConnections).map_err(|why| rejected("*", why))?;
    let (mut steps, mut named) = (Vec::new(), BTreeSet::new());
    for document in declared {
        let name = document.slug.clone().unwrap_or_default();
        let step = one(admin, authority, document).await.map_err(|why| StepRejected {
            kind: KIND,
            name: name.clone(),
            why,
        })?;
        steps.push(step);
        named.insert(name);
    }
    if undeclared == Undeclared::Goes {
        for connection in connections::list(admin, authority).await.map_err(|why| rejected("*", why))? {
            let name = connection.slug.to_string();
            if !named.contains(&name) {
                let deleted = connections::delete(admin, authority, &connection.slug, CameThrough::Ends).await;
                deleted.map_err(|why| rejected(&name, why))?;
                steps.push(Step::of(KIND, name, Action::Delete));
            }
        }
    }
    Ok(steps)
}

async fn one(
    admin: &Administration,
    authority: &ProvenAuthority,
    document: &ConnectionResource,
) -> Result<Step, Rejected> {
    let name = document.slug.as_deref().ok_or_else(|| FieldError::Missing.of("slug"))?;
    let slug = Slug::parse(name).map_err(|_| FieldError::Slug.of("slug"))?;
    let said = ConnectionResource { enabled: None, ..document.clone() };
    let Some(was) = connections::find(admin, authority, &slug).await? else {
        connections::create(admin, authority, said).await?;
        // A new one is switched off; one that was only tried is not there to be switched.
        if document.enabled == Some(true) && !authority.tries() {
            connections::set_enabled(admin, authority, &slug, true, CameThrough::Ends).await?;
        }
        return Ok(Step::of(KIND, name.to_owned(), Action::Create));
    };
    let mut is = update(admin, authority, &was, said).await?;
    if let Some(enabled) = document.enabled.filter(|enabled| *enabled != was.enabled) {
        connections::set_enabled(admin, authority, &slug, enabled, CameThrough::Ends).await?;
        is.enabled = enabled;
    }
    let document = |connection: &Connection| ConnectionResource::of(connection, &admin.issuer);
    Ok(Step::of(KIND, name.to_owned(), change(&document(&was), &document(&is))))
}

/// Changes what differs. The secret is said again only where there is none yet, or where the connection leads elsewhere, which takes it anew.
async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    was: &Connection,
    said: ConnectionResource,
) -> Result<Connection, Rejected> {
    if was.secrets.is_empty() {
        return connections::update(admin, authority, &was.slug, &said).await;
    }
    let without = ConnectionResource { client_secret: None, ..said.clone() };
    match connections::update(admin, authority, &was.slug, &without).await {
        Err(Rejected::Invalid(found))
            if said.client_secret.is_some() && found.iter().any(|one| one.error == FieldError::SecretAgain) =>
        {
            connections::update(admin, authority, &was.slug, &said).await
        }
        other => other,
    }
}
