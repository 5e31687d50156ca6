//! Webhooks, and the messages to them.

use std::time::Duration;

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::attempt;
use super::write::{Extent, Key, Single};
use crate::model::webhook::{Attempt, Message, MessageState, Webhook};
use crate::store::sql::db::codec::{corrupt, id, unreadable};
use crate::store::sql::db::rows::{self, Rows};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Behind, Conflict, MAX_WEBHOOKS, MOST_WAITING, Page, StoreError, StoreResult};
use crate::support::id::{MessageId, WebhookId};
use crate::support::{Digest, Timestamp};

/// How long a message can be looked at, whatever became of it.
const KEPT_FOR: Duration = Duration::from_hours(24 * 7);
/// Where the audit log's chain ends now.
const HEAD: &str = "(SELECT head_seq FROM audit_chain WHERE id = 1)";
const MESSAGE: &str = "m.id, m.webhook_id, m.kind, m.body, m.state, m.attempts, m.created_at, m.next_at, m.last_at, \
                       m.last_status, m.last_problem";

/// Every webhook, the oldest first.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> StoreResult<Vec<Webhook>> {
    let sql = format!("SELECT id, document, version FROM webhooks ORDER BY id LIMIT {MAX_WEBHOOKS}");
    query_all(db, &sql, vec![]).await?.iter().map(webhook).collect()
}

/// The webhook of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: WebhookId) -> StoreResult<Option<Webhook>> {
    let sql = "SELECT id, document, version FROM webhooks WHERE id = $1";
    query_one(db, sql, vec![bytes(id)]).await?.as_ref().map(webhook).transpose()
}

/// Adds a webhook, which is told what happens from now on. The caller holds the server's row, so there are no more than was looked at. `Taken` where another
/// has its name.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, webhook: &Webhook) -> StoreResult<()> {
    if all(db).await?.iter().any(|other| other.known_as() == webhook.known_as()) {
        return Err(StoreError::Conflict(Conflict::Taken));
    }
    let sql =
        format!("INSERT INTO webhooks (id, enabled, version, document, after_seq) VALUES ($1, $2, $3, $4, {HEAD})");
    execute(
        db,
        &sql,
        vec![bytes(webhook.id), webhook.enabled.into(), webhook.version.into(), document(webhook)?.into()],
    )
    .await?;
    Ok(())
}

/// Replaces a webhook. One that is switched on is told what happens from then on, and has not failed yet.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, webhook: &Webhook) -> StoreResult<()> {
    let sql = format!(
        "UPDATE webhooks SET after_seq = CASE WHEN $3 AND NOT enabled THEN {HEAD} ELSE after_seq END, \
         failing_since = CASE WHEN $3 AND NOT enabled THEN NULL ELSE failing_since END, \
         enabled = $3, version = version + 1, document = $4 WHERE id = $1 AND version = $2"
    );
    let values = vec![bytes(webhook.id), webhook.version.into(), webhook.enabled.into(), document(webhook)?.into()];
    match execute(db, &sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Deletes a webhook with the messages to it.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: WebhookId) -> StoreResult<()> {
    execute(db, "DELETE FROM webhook_messages WHERE webhook_id = $1", vec![bytes(id)]).await?;
    execute(db, "DELETE FROM webhooks WHERE id = $1", vec![bytes(id)]).await?;
    Ok(())
}

/// Adds a message, or puts one that is not waiting back to be sent from the beginning. `Stale` where its webhook is gone.
pub(crate) async fn put_message<C: ConnectionTrait>(db: &C, message: &Message) -> StoreResult<()> {
    if find(db, message.webhook).await?.is_none() {
        return Err(StoreError::Conflict(Conflict::Stale));
    }
    let sql = "UPDATE webhook_messages SET state = 'waiting', attempts = 0, next_at = $2, expires_at = $3 \
               WHERE id = $1 AND state <> 'waiting'";
    let values = vec![
        message.id.as_bytes().to_vec().into(),
        message.next_at.millis().into(),
        message.next_at.plus(KEPT_FOR).millis().into(),
    ];
    if execute(db, sql, values).await? == 0 {
        add(db, std::slice::from_ref(message)).await?;
    }
    Ok(())
}

async fn add<C: ConnectionTrait>(db: &C, messages: &[Message]) -> StoreResult<()> {
    let rows = messages.iter().map(|message| {
        vec![
            message.id.as_bytes().to_vec().into(),
            bytes(message.webhook),
            message.kind.as_str().into(),
            message.body.as_str().into(),
            MessageState::Waiting.as_str().into(),
            0_i64.into(),
            message.created_at.millis().into(),
            message.next_at.millis().into(),
            message.created_at.plus(KEPT_FOR).millis().into(),
        ]
    });
    rows::execute(db, Rows::new(rows), |list, _| {
        format!(
            "INSERT INTO webhook_messages (id, webhook_id, kind, body, state, attempts, created_at, next_at, expires_at) \
             SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL ON CONFLICT (id) DO NOTHING"
        )
    })
    .await?;
    Ok(())
}

/// Enabled webhooks that the chain has gone on from, and that have room for messages.
pub(crate) async fn behind<C: ConnectionTrait>(db: &C) -> StoreResult<Vec<Behind>> {
    let sql = format!(
        "SELECT id, document, version, after_seq FROM webhooks WHERE enabled AND after_seq < {HEAD} AND \
         (SELECT COUNT(*) FROM webhook_messages AS m WHERE m.webhook_id = webhooks.id AND m.state = 'waiting') \
         < {MOST_WAITING} ORDER BY id LIMIT {MAX_WEBHOOKS}"
    );
    let rows = query_all(db, &sql, vec![]).await?;
    let behind = |row: &QueryResult| {
        let after = u64::try_from(row.try_get::<i64>("", "after_seq")?).unwrap_or_default();
        Ok(Behind { webhook: webhook(row)?, after })
    };
    rows.iter().map(behind).collect()
}

/// Moves a webhook's place and adds the messages between.
#[derive(Debug)]
pub(crate) struct PassOn {
    pub(crate) webhook: WebhookId,
    pub(crate) was: u64,
    pub(crate) is: u64,
    pub(crate) messages: Vec<Message>,
}

impl Single for PassOn {
    type Output = bool;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let sql = "UPDATE webhooks SET after_seq = $3 WHERE id = $1 AND after_seq = $2 AND enabled";
        let moved = execute(db, sql, vec![bytes(self.webhook), place(self.was), place(self.is)]).await?;
        if moved == 0 {
            return Ok(false);
        }
        add(db, &self.messages).await?;
        Ok(true)
    }
}

/// Messages that are to be sent now.
pub(crate) async fn due<C: ConnectionTrait>(
    db: &C,
    now: Timestamp,
    of_each: u32,
    limit: u32,
) -> StoreResult<Vec<Message>> {
    let sql = format!(
        "SELECT {MESSAGE} FROM (SELECT webhook_messages.*, ROW_NUMBER() OVER (PARTITION BY webhook_id ORDER BY next_at, \
         webhook_messages.id) AS place FROM webhook_messages JOIN webhooks ON webhooks.id = webhook_id \
         WHERE state = 'waiting' AND next_at <= $1 AND webhooks.enabled) AS m \
         WHERE m.place <= {of_each} ORDER BY m.place, m.next_at LIMIT {limit}"
    );
    query_all(db, &sql, vec![now.millis().into()]).await?.iter().map(message).collect()
}

/// Takes a message for one attempt.
#[derive(Debug)]
pub(crate) struct Take {
    pub(crate) id: MessageId,
    pub(crate) attempts: u32,
    pub(crate) due: Timestamp,
    pub(crate) until: Timestamp,
}

impl Single for Take {
    type Output = bool;

    fn key(&self) -> Option<Key> {
        Some(Digest::of("webhook message", self.id.as_bytes()).into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<bool> {
        let attempt = attempt::Attempt { made: self.attempts, due: self.due, until: self.until };
        attempt::take(db, "webhook_messages", self.id.as_bytes().to_vec().into(), attempt).await
    }
}

/// Notes what became of an attempt.
#[derive(Debug)]
pub(crate) struct Note(pub(crate) Message);

impl Single for Note {
    type Output = Option<Timestamp>;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        Some(Digest::of("webhook message", self.0.id.as_bytes()).into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Option<Timestamp>> {
        let Message { id, webhook, state, attempts, next_at, last, .. } = &self.0;
        let Some(last) = last else { return Ok(None) };
        let sql = "UPDATE webhook_messages SET state = $3, next_at = $4, last_at = $5, last_status = $6, last_problem = $7 \
                   WHERE id = $1 AND attempts = $2";
        let values = vec![
            id.as_bytes().to_vec().into(),
            i64::from(*attempts).into(),
            state.as_str().into(),
            next_at.millis().into(),
            last.at.millis().into(),
            last.status.map(i64::from).into(),
            last.problem.clone().into(),
        ];
        if execute(db, sql, values).await? == 0 {
            return Ok(None);
        }
        let since = if *state == MessageState::Delivered { "NULL" } else { "COALESCE(failing_since, $2)" };
        let sql = format!("UPDATE webhooks SET failing_since = {since} WHERE id = $1 AND $2 = $2");
        execute(db, &sql, vec![bytes(*webhook), last.at.millis().into()]).await?;
        let row = query_one(db, "SELECT failing_since FROM webhooks WHERE id = $1", vec![bytes(*webhook)]).await?;
        let since = row.map(|row| row.try_get::<Option<i64>>("", "failing_since")).transpose()?.flatten();
        Ok(since.map(Timestamp::from_millis))
    }
}

/// The messages to a webhook, the newest first.
pub(crate) async fn messages<C: ConnectionTrait>(
    db: &C,
    webhook: WebhookId,
    before: Option<MessageId>,
    limit: u32,
) -> StoreResult<Page<Message>> {
    let before = before.unwrap_or_else(|| MessageId::from_bytes([u8::MAX; 16]));
    let sql = format!(
        "SELECT {MESSAGE} FROM webhook_messages AS m WHERE m.webhook_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT {}",
        limit.saturating_add(1)
    );
    let rows = query_all(db, &sql, vec![bytes(webhook), before.as_bytes().to_vec().into()]).await?;
    let mut items = rows.iter().map(message).collect::<StoreResult<Vec<_>>>()?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Page { items, more })
}

/// The message of this id.
pub(crate) async fn find_message<C: ConnectionTrait>(db: &C, id: MessageId) -> StoreResult<Option<Message>> {
    let sql = format!("SELECT {MESSAGE} FROM webhook_messages AS m WHERE m.id = $1");
    query_one(db, &sql, vec![id.as_bytes().to_vec().into()]).await?.as_ref().map(message).transpose()
}

fn bytes(id: WebhookId) -> Value {
    id.as_bytes().to_vec().into()
}

fn place(seq: u64) -> Value {
    i64::try_from(seq).unwrap_or(i64::MAX).into()
}

fn document(webhook: &Webhook) -> StoreResult<String> {
    serde_json::to_string(webhook).map_err(unreadable("webhook"))
}

fn webhook(row: &QueryResult) -> StoreResult<Webhook> {
    let (document, version): (String, i64) = (row.try_get("", "document")?, row.try_get("", "version")?);
    let webhook: Webhook = serde_json::from_str(&document).map_err(unreadable("webhook"))?;
    if webhook.id.as_bytes()[..] != row.try_get::<Vec<u8>>("", "id")?[..] {
        return Err(corrupt("webhook: the document has another id"));
    }
    Ok(Webhook { version, ..webhook })
}

fn message(row: &QueryResult) -> StoreResult<Message> {
    let at = |column: &str| -> StoreResult<Timestamp> { Ok(Timestamp::from_millis(row.try_get("", column)?)) };
    let stored: String = row.try_get("", "state")?;
    let state = MessageState::ALL.iter().copied().find(|state| state.as_str() == stored);
    let last_at: Option<i64> = row.try_get("", "last_at")?;
    let status: Option<i64> = row.try_get("", "last_status")?;
    let problem: Option<String> = row.try_get("", "last_problem")?;
    let last = last_at.map(|last_at| Attempt {
        at: Timestamp::from_millis(last_at),
        status: status.and_then(|status| u16::try_from(status).ok()),
        problem,
    });
    Ok(Message {
        id: MessageId::from_bytes(id(&row.try_get::<Vec<u8>>("", "id")?)?),
        webhook: WebhookId::from_bytes(id(&row.try_get::<Vec<u8>>("", "webhook_id")?)?),
        kind: row.try_get("", "kind")?,
        body: row.try_get("", "body")?,
        state: state.ok_or_else(|| corrupt("a message to a webhook in a state that there is not"))?,
        attempts: u32::try_from(row.try_get::<i64>("", "attempts")?).unwrap_or(u32::MAX),
        created_at: at("created_at")?,
        next_at: at("next_at")?,
        last,
    })
}
