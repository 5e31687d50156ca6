//! Webhooks, and the messages to them.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::webhook::{Message, Webhook};
use crate::store::sql::statements::webhook::{self, Note, PassOn, Take};
use crate::store::{Behind, Page, StoreResult, WebhookStore};
use crate::support::Timestamp;
use crate::support::id::{MessageId, WebhookId};

#[async_trait]
impl WebhookStore for SqlStore {
    async fn all(&self) -> StoreResult<Vec<Webhook>> {
        webhook::all(&self.read).await
    }

    async fn find(&self, id: WebhookId) -> StoreResult<Option<Webhook>> {
        webhook::find(&self.read, id).await
    }

    async fn behind(&self) -> StoreResult<Vec<Behind>> {
        webhook::behind(&self.read).await
    }

    async fn pass_on(&self, webhook: WebhookId, was: u64, is: u64, messages: Vec<Message>) -> StoreResult<bool> {
        self.write(PassOn { webhook, was, is, messages }).await
    }

    async fn due(&self, now: Timestamp, of_each: u32, limit: u32) -> StoreResult<Vec<Message>> {
        webhook::due(&self.read, now, of_each, limit).await
    }

    async fn take(&self, message: &Message, until: Timestamp) -> StoreResult<bool> {
        self.write(Take { id: message.id, attempts: message.attempts, due: message.next_at, until }).await
    }

    async fn note(&self, message: &Message) -> StoreResult<Option<Timestamp>> {
        self.write(Note(message.clone())).await
    }

    async fn messages(&self, webhook: WebhookId, before: Option<MessageId>, limit: u32) -> StoreResult<Page<Message>> {
        webhook::messages(&self.read, webhook, before, limit).await
    }

    async fn message(&self, id: MessageId) -> StoreResult<Option<Message>> {
        webhook::find_message(&self.read, id).await
    }
}
