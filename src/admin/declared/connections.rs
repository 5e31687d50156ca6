//! Declared connections to upstream providers.

use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, DeclaredKind, Step};
use crate::admin::connections::{self, CameThrough, ConnectionResource};
use crate::admin::{Administration, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::Connection;
use crate::model::connection::Slug;

/// The documents of all connections, without what only the server sets, and without secrets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<ConnectionResource>, Rejected> {
    let declared = |connection: &Connection| ConnectionResource {
        redirect_uris: None,
        secrets: None,
        token_endpoint_auth_method: None,
        managed_by: None,
        created_at: None,
        version: None,
        ..ConnectionResource::of(connection, &admin.issuer)
    };
    Ok(connections::list(admin, authority).await?.iter().map(declared).collect())
}

impl Declared for ConnectionResource {
    const KIND: DeclaredKind = DeclaredKind::Connection;
    const PERMISSION: Permission = Permission::WriteConnections;

    fn name(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("slug"))?;
        let slug = slug(name)?;
        let said = Self { enabled: None, ..self.clone() };
        let Some(was) = connections::find(admin, authority, &slug).await? else {
            connections::create(admin, authority, said).await?;
            // A new one is switched off; one that was only tried is not there to be switched.
            if self.enabled == Some(true) && !authority.tries() {
                connections::set_enabled(admin, authority, &slug, true, CameThrough::Ends).await?;
            }
            return Ok(Step::of(Self::KIND, name.to_owned(), Action::Create));
        };
        let mut is = update(admin, authority, &was, said).await?;
        if let Some(enabled) = self.enabled.filter(|enabled| *enabled != was.enabled) {
            connections::set_enabled(admin, authority, &slug, enabled, CameThrough::Ends).await?;
            is.enabled = enabled;
        }
        let document = |connection: &Connection| Self::of(connection, &admin.issuer);
        Ok(Step::of(Self::KIND, name.to_owned(), change(&document(&was), &document(&is))))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        let known = |one: &Connection| Known::new(one.slug.to_string(), one.managed_by.as_ref());
        Ok(connections::list(admin, authority).await?.iter().map(known).collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        connections::delete(admin, authority, slug(name)?, CameThrough::Ends).await.map(drop)
    }
}

fn slug(name: &str) -> Result<Slug, Rejected> {
    Ok(Slug::parse(name).map_err(|_| FieldError::Slug.of("slug"))?)
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
