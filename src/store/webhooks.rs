//! Webhooks, and the messages to them.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::webhook::{Message, Webhook};
use crate::support::Timestamp;
use crate::support::id::{MessageId, WebhookId};

/// The most webhooks: as many as are listed.
pub const MAX_WEBHOOKS: usize = 50;
/// The most messages that wait for one webhook. The audit log keeps what comes after them until there is room.
pub const MOST_WAITING: u32 = 1000;

/// An enabled webhook, and up to which place of the audit log's chain there are messages to it.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The webhook.
    pub webhook: Webhook,
    /// The place.
    pub after: u64,
}

/// Keeps webhooks and the messages to them. Webhooks are made, changed and deleted by units of work, and so are messages that an administrator asks for.
///
/// Messages come from the audit log: each webhook has a place in its chain, which moves on together with the messages that were made of the entries
/// before it, so that every entry becomes one message and no more, whichever nodes stop or start meanwhile.
#[async_trait]
pub trait WebhookStore: Send + Sync {
    /// Every webhook, the oldest first, at most [`MAX_WEBHOOKS`].
    async fn all(&self) -> StoreResult<Vec<Webhook>>;
    /// The webhook of this id.
    async fn find(&self, id: WebhookId) -> StoreResult<Option<Webhook>>;
    /// Enabled webhooks that the chain has gone on from, and that fewer than [`MOST_WAITING`] messages wait for.
    async fn behind(&self) -> StoreResult<Vec<Behind>>;
    /// Moves a webhook's place from `was` to `is` and adds the messages between; says whether its place was `was`.
    async fn pass_on(&self, webhook: WebhookId, was: u64, is: u64, messages: Vec<Message>) -> StoreResult<bool>;
    /// Messages of enabled webhooks that are to be sent now, at most `of_each` of one webhook, those that have waited longest first.
    async fn due(&self, now: Timestamp, of_each: u32, limit: u32) -> StoreResult<Vec<Message>>;
    /// Takes a message for one attempt: counts it, and puts the next one off until `until`, when it would be due should this attempt never end. Says
    /// whether it was there as it is here, which only one of many learns.
    async fn take(&self, message: &Message, until: Timestamp) -> StoreResult<bool>;
    /// Notes what became of a message that was taken; an attempt that ended after the next one began is passed over. Answers since when its webhook has
    /// taken none.
    async fn note(&self, message: &Message) -> StoreResult<Option<Timestamp>>;
    /// The messages to a webhook, the newest first, before `before`.
    async fn messages(&self, webhook: WebhookId, before: Option<MessageId>, limit: u32) -> StoreResult<Page<Message>>;
    /// The message of this id.
    async fn message(&self, id: MessageId) -> StoreResult<Option<Message>>;
}
