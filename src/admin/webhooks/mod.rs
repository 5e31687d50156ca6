//! Webhooks, as administrators set them up, and the messages to them.

use std::time::Duration;

use serde_json::json;

use super::target::check_version;
use super::url::{check_called, url};
use super::{
    Administration, Aggregate, Authority, FieldError, FieldProblem, Permission, ProvenAuthority, Rejected, Target,
};
use crate::model::AuditEvent;
use crate::model::audit_event::{AuditKind, AuditTarget};
use crate::model::connection::{SealedSecret, Slug};
use crate::model::webhook::{Message, Webhook};
use crate::store::{Change, MAX_WEBHOOKS, Page};
use crate::support::id::{MessageId, WebhookId};
use crate::support::{Secret, Timestamp, line};
use crate::webhooks::WebhookSecret;

mod name;
mod resource;

pub use resource::{MessageView, WebhookResource};

/// How long messages are signed with the old secret, too, unless the caller says otherwise.
pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);
/// The longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 200;
/// The kind of a message that tells of nothing.
const TEST: &str = "test";

/// A webhook with a secret that it was just given: the only time that it is shown.
#[derive(Debug)]
pub struct WithSecret {
    /// The webhook as it is stored now.
    pub webhook: Webhook,
    /// The text of its secret; `None` where it was brought along.
    pub secret: Option<Secret<String>>,
}

/// Makes a webhook, which is told what happens from then on.
pub async fn create(
    admin: &Administration,
    authority: &ProvenAuthority,
    new: &WebhookResource,
) -> Result<WithSecret, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let others = admin.stores().webhooks.all().await?;
    if others.len() >= MAX_WEBHOOKS {
        return Err(Rejected::TooMany(Aggregate::Webhook, MAX_WEBHOOKS));
    }
    let now = admin.clock().now();
    let blank = Webhook {
        id: WebhookId::new(now, admin.random()),
        name: None,
        url: String::new(),
        description: String::new(),
        kinds: Vec::new(),
        enabled: new.enabled.unwrap_or(true),
        secrets: Vec::new(),
        managed_by: authority.manager(None),
        created_at: now,
        updated_at: now,
        version: 0,
    };
    let mut found = Vec::new();
    let mut webhook = new.apply(admin, blank, &mut found);
    let brought = new.secret.as_ref().map(|text| WebhookSecret::parse(text.expose()));
    let brought = brought.transpose().unwrap_or_else(|why| {
        found.push(FieldError::WebhookSecret(why).of("secret"));
        None
    });
    webhook.name = match new.name.as_deref().map(Slug::parse) {
        Some(Ok(name)) => Some(name),
        Some(Err(_)) => {
            found.push(FieldError::Slug.of("name"));
            None
        }
        None => name::free(&webhook.url, &others),
    };
    Rejected::unless_valid(found)?;
    let secret = brought.is_none().then(|| WebhookSecret::draw(admin.random()));
    if let Some(used) = brought.as_ref().or(secret.as_ref()) {
        webhook.secrets = vec![used.seal(&admin.sealer, admin.random(), webhook.id, now)];
    }
    let event = about(admin, AuditKind::WebhookCreated, authority, webhook.id, now).saying(webhook.url.as_str());
    let changes = vec![Change::InsertWebhook(webhook.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::Webhook, changes).await?;
    Ok(WithSecret { webhook, secret: secret.map(|secret| secret.to_text()) })
}

/// Changes a webhook: the fields that `document` has. What waits is sent to where it leads then. Where it says nothing new, nothing is written.
pub async fn update(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
    document: &WebhookResource,
) -> Result<Webhook, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let was = load(admin, &webhook.into()).await?;
    check_version(document.version, was.version, Aggregate::Webhook)?;
    let (mut found, said) = (Vec::new(), WebhookResource::from(&was));
    document.check_unchanged(&said, &mut found);
    let managed_by = was.managed_by.clone();
    let mut changed = document.apply(admin, was, &mut found);
    Rejected::unless_valid(found)?;
    changed.managed_by = authority.manager(changed.managed_by);
    if WebhookResource::from(&changed) == said {
        return Ok(changed);
    }
    authority.require_to_manage(managed_by.as_ref())?;
    let now = admin.clock().now();
    let event = about(admin, AuditKind::WebhookChanged, authority, changed.id, now).saying(changed.url.as_str());
    save(admin, authority, Webhook { updated_at: now, ..changed }, event).await
}

/// Switches a webhook on or off. What waits for one that is off is kept for as long as messages are; what happens meanwhile is not told.
pub async fn set_enabled(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
    enabled: bool,
) -> Result<Webhook, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let was = load(admin, &webhook.into()).await?;
    // Switching off is for what cannot wait for a file.
    if enabled {
        authority.require_to_manage(was.managed_by.as_ref())?;
    }
    let now = admin.clock().now();
    let kind = if enabled { AuditKind::WebhookEnabled } else { AuditKind::WebhookDisabled };
    let event = about(admin, kind, authority, was.id, now);
    save(admin, authority, Webhook { enabled, updated_at: now, ..was }, event).await
}

/// Gives a webhook a new secret. Messages are signed with the old one, too, for as long as `grace`.
pub async fn rotate_secret(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
    grace: Duration,
) -> Result<WithSecret, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let mut webhook = load(admin, &webhook.into()).await?;
    let now = admin.clock().now();
    SealedSecret::retire(&mut webhook.secrets, grace, now);
    let secret = WebhookSecret::draw(admin.random());
    webhook.secrets.insert(0, secret.seal(&admin.sealer, admin.random(), webhook.id, now));
    let event = about(admin, AuditKind::WebhookSecretRotated, authority, webhook.id, now);
    let webhook = save(admin, authority, Webhook { updated_at: now, ..webhook }, event).await?;
    Ok(WithSecret { webhook, secret: Some(secret.to_text()) })
}

/// Gives a webhook back that files manage: from then on it is changed as any other, until they are applied again.
pub async fn release(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
) -> Result<Webhook, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let was = load(admin, &webhook.into()).await?;
    let Some(manager) = &was.managed_by else { return Ok(was) };
    let now = admin.clock().now();
    let event = about(admin, AuditKind::WebhookChanged, authority, was.id, now);
    let event = event.saying(format!("{}: released from {manager}", was.known_as()));
    save(admin, authority, Webhook { managed_by: None, updated_at: now, ..was }, event).await
}

/// Deletes a webhook with the messages to it.
pub async fn delete(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
) -> Result<(), Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let webhook = load(admin, &webhook.into()).await?;
    authority.require_to_manage(webhook.managed_by.as_ref())?;
    let event = about(admin, AuditKind::WebhookDeleted, authority, webhook.id, admin.clock().now());
    let changes = vec![Change::DeleteWebhook(webhook.id), Change::Audit(event.saying(webhook.url))];
    admin.commit(authority, Aggregate::Webhook, changes).await
}

/// Sends a webhook a message that tells of nothing: to see whether it arrives.
pub async fn test(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: impl Into<Target<WebhookId>>,
) -> Result<Message, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let webhook = load(admin, &webhook.into()).await?;
    let now = admin.clock().now();
    let body = json!({ "type": TEST, "timestamp": now.to_string(), "data": { "webhook": webhook.id } }).to_string();
    let id = MessageId::new(now, admin.random());
    send(admin, authority, Message::new(id, webhook.id, TEST.to_owned(), body, now)).await
}

/// Sends a message again, from the beginning, whatever became of it; one that waits is left as it is.
pub async fn replay(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: WebhookId,
    message: MessageId,
) -> Result<Message, Rejected> {
    authority.require(Permission::WriteWebhooks)?;
    let found = find_message(admin, authority, webhook, message).await?;
    let was = found.ok_or(Rejected::NotFound(Aggregate::Message))?;
    send(admin, authority, Message { next_at: admin.clock().now(), ..was }).await
}

async fn send(admin: &Administration, authority: &ProvenAuthority, message: Message) -> Result<Message, Rejected> {
    let now = admin.clock().now();
    let event = about(admin, AuditKind::WebhookMessageSent, authority, message.webhook, now);
    let changes = vec![Change::PutMessage(message.clone()), Change::Audit(event.saying(message.id.to_string()))];
    admin.commit(authority, Aggregate::Webhook, changes).await?;
    Ok(admin.stores().webhooks.message(message.id).await?.unwrap_or(message))
}

/// The webhook of this id.
pub async fn find(admin: &Administration, authority: &Authority, id: WebhookId) -> Result<Option<Webhook>, Rejected> {
    authority.require(Permission::ReadWebhooks)?;
    Ok(admin.stores().webhooks.find(id).await?)
}

/// Every webhook, the oldest first.
pub async fn list(admin: &Administration, authority: &Authority) -> Result<Vec<Webhook>, Rejected> {
    authority.require(Permission::ReadWebhooks)?;
    Ok(admin.stores().webhooks.all().await?)
}

/// The messages to a webhook of the last week, the newest first.
pub async fn messages(
    admin: &Administration,
    authority: &Authority,
    webhook: WebhookId,
    before: Option<MessageId>,
    limit: u32,
) -> Result<Page<Message>, Rejected> {
    authority.require(Permission::ReadWebhooks)?;
    Ok(admin.stores().webhooks.messages(webhook, before, limit).await?)
}

/// A message to a webhook.
pub async fn find_message(
    admin: &Administration,
    authority: &Authority,
    webhook: WebhookId,
    message: MessageId,
) -> Result<Option<Message>, Rejected> {
    authority.require(Permission::ReadWebhooks)?;
    Ok(admin.stores().webhooks.message(message).await?.filter(|found| found.webhook == webhook))
}

impl WebhookResource {
    /// The webhook with what the document says.
    fn apply(&self, admin: &Administration, webhook: Webhook, found: &mut Vec<FieldProblem>) -> Webhook {
        let mut changed = webhook;
        if let Some(text) = &self.url {
            text.trim().clone_into(&mut changed.url);
        }
        let checked = url("url", &changed.url).and_then(|url| check_called("url", &url, &admin.capabilities));
        found.extend(checked.err());
        if let Some(text) = &self.description {
            changed.description = match text.trim() {
                "" => String::new(),
                text => line::parse(text, MAX_DESCRIPTION_CHARS).unwrap_or_else(|why| {
                    found.push(FieldError::Line(why).of("description"));
                    String::new()
                }),
            };
        }
        if let Some(kinds) = &self.kinds {
            changed.kinds.clear();
            for kind in kinds {
                if !changed.kinds.contains(kind) {
                    changed.kinds.push(*kind);
                }
            }
        }
        changed
    }

    /// Refuses what an update cannot change.
    fn check_unchanged(&self, is: &Self, found: &mut Vec<FieldProblem>) {
        let same = |said: bool, field: &str, found: &mut Vec<FieldProblem>| {
            if !said {
                found.push(FieldError::ReadOnly.of(field));
            }
        };
        same(self.id.is_none() || self.id == is.id, "id", found);
        same(self.name.is_none() || self.name == is.name, "name", found);
        same(self.enabled.is_none() || self.enabled == is.enabled, "enabled", found);
        same(self.secret.is_none(), "secret", found);
        same(self.secrets.is_none() || self.secrets == is.secrets, "secrets", found);
        same(self.managed_by.is_none() || self.managed_by == is.managed_by, "managed_by", found);
        same(self.created_at.is_none() || self.created_at == is.created_at, "created_at", found);
        same(self.updated_at.is_none() || self.updated_at == is.updated_at, "updated_at", found);
    }
}

fn about(
    admin: &Administration,
    kind: AuditKind,
    authority: &Authority,
    webhook: WebhookId,
    now: Timestamp,
) -> AuditEvent {
    admin.event(kind, authority, now).to(AuditTarget::Webhook(webhook))
}

/// The webhook that is to be changed, in the version that the caller saw.
async fn load(admin: &Administration, target: &Target<WebhookId>) -> Result<Webhook, Rejected> {
    let found = admin.stores().webhooks.find(*target.key()).await?;
    let webhook = found.ok_or(Rejected::NotFound(Aggregate::Webhook))?;
    target.check(webhook.version, Aggregate::Webhook).map(|()| webhook)
}

async fn save(
    admin: &Administration,
    authority: &ProvenAuthority,
    webhook: Webhook,
    event: AuditEvent,
) -> Result<Webhook, Rejected> {
    let changes = vec![Change::UpdateWebhook(webhook.clone()), Change::Audit(event)];
    admin.commit(authority, Aggregate::Webhook, changes).await?;
    Ok(Webhook { version: webhook.version + 1, ..webhook })
}
