//! A webhook as one of the console's objects.

use super::super::super::context::Context;
use super::super::Administrator;
use super::super::document::Document;
use super::super::head::{Head, Tab};
use super::super::object::{Object, Place};
use super::super::room::Room;
use super::{LIST, head_of, named, path_of};
use crate::admin::webhooks::WebhookResource;
use crate::http::error::PageError;
use crate::model::Webhook;
use crate::model::audit_event::AuditTarget;

impl Object for Webhook {
    async fn named(context: &Context, administrator: &Administrator, key: &str) -> Result<Self, PageError> {
        named(context, administrator, key).await
    }

    fn place(&self, _: &Context) -> Place {
        Place {
            room: Room::Webhooks,
            way: vec![(LIST, self.url.clone())],
            path: path_of(self.id),
            target: AuditTarget::Webhook(self.id),
        }
    }

    fn head(&self, context: &Context, administrator: &Administrator, here: Tab) -> Head {
        head_of(context.texts(None), administrator, self, here)
    }

    fn document(&self, context: &Context) -> Document {
        let id = self.id.to_string();
        let ways = [
            (format!("haechi webhooks show {id}"), "getWebhook", ""),
            (format!("haechi webhooks update {id} --description \"…\""), "updateWebhook", r#"{"description": "…"}"#),
            (format!("haechi webhooks test {id}"), "testWebhook", ""),
        ];
        Document::of(&context.app.issuer, &WebhookResource::from(self), (&[&id], self.version), ways)
    }
}
