//! Declared webhooks.

use super::apply::{Declared, Known};
use super::difference::change;
use super::{Action, DeclaredKind, Step};
use crate::admin::webhooks::{self, WebhookResource};
use crate::admin::{Administration, Aggregate, Authority, FieldError, Permission, ProvenAuthority, Rejected};
use crate::model::Webhook;

/// The documents of all webhooks by their names, without what only the server sets, and without secrets.
pub(super) async fn export(admin: &Administration, authority: &Authority) -> Result<Vec<WebhookResource>, Rejected> {
    let mut all: Vec<_> = webhooks::list(admin, authority).await?.iter().map(declared).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// What an operator says of a webhook.
fn declared(webhook: &Webhook) -> WebhookResource {
    WebhookResource {
        id: None,
        secrets: None,
        managed_by: None,
        created_at: None,
        updated_at: None,
        version: None,
        ..WebhookResource::from(webhook)
    }
}

/// The webhook that files call so.
pub(super) async fn find(
    admin: &Administration,
    authority: &Authority,
    name: &str,
) -> Result<Option<Webhook>, Rejected> {
    Ok(webhooks::list(admin, authority).await?.into_iter().find(|webhook| webhook.known_as() == name))
}

impl Declared for WebhookResource {
    const KIND: DeclaredKind = DeclaredKind::Webhook;
    const PERMISSION: Permission = Permission::WriteWebhooks;

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    async fn make_so(&self, admin: &Administration, authority: &ProvenAuthority) -> Result<Step, Rejected> {
        let name = self.name().ok_or_else(|| FieldError::Missing.of("name"))?;
        let Some(was) = find(admin, authority, name).await? else {
            let made = webhooks::create(admin, authority, self).await?;
            return Ok(Step { secret: made.secret, ..Step::of(Self::KIND, name.to_owned(), Action::Create) });
        };
        // A secret is brought along by a new webhook only; whether it is told anything is switched.
        let said = Self { secret: None, enabled: None, ..self.clone() };
        let mut is = webhooks::update(admin, authority, was.id, &said).await?;
        if let Some(enabled) = self.enabled.filter(|enabled| *enabled != was.enabled) {
            webhooks::set_enabled(admin, authority, was.id, enabled).await?;
            is.enabled = enabled;
        }
        Ok(Step::of(Self::KIND, name.to_owned(), change(&Self::from(&was), &Self::from(&is))))
    }

    async fn names(admin: &Administration, authority: &Authority) -> Result<Vec<Known>, Rejected> {
        let known = |one: &Webhook| Known::new(one.known_as(), one.managed_by.as_ref());
        Ok(webhooks::list(admin, authority).await?.iter().map(known).collect())
    }

    async fn delete(admin: &Administration, authority: &ProvenAuthority, name: &str) -> Result<(), Rejected> {
        let webhook = find(admin, authority, name).await?.ok_or(Rejected::NotFound(Aggregate::Webhook))?;
        webhooks::delete(admin, authority, webhook.id).await
    }
}
