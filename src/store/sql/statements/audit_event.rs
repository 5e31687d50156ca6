//! The audit log.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::expired::STEP;
use super::write::{Key, Single};
use crate::model::audit_event::AuditEvent;
use crate::store::sql::db::codec::{id, unreadable};
use crate::store::sql::db::entity::audit_event;
use crate::store::sql::db::execute;
use crate::store::sql::db::page::page;
use crate::store::{Page, StoreResult};
use crate::support::id::AuditEventId;

/// How many entries one statement passes by on the way to the oldest that is kept.
const PAGE: u64 = 10_000;

/// Entries, the newest first, before `before`.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    before: Option<AuditEventId>,
    limit: u32,
) -> StoreResult<Page<AuditEvent>> {
    let mut query = audit_event::Entity::find().order_by_desc(audit_event::Column::Id).limit(u64::from(limit) + 1);
    if let Some(before) = before {
        query = query.filter(audit_event::Column::Id.lt(before.as_bytes().to_vec()));
    }
    let read = |row: audit_event::Model| serde_json::from_str(&row.document).map_err(unreadable("audit event"));
    page(query.all(db).await?, limit, read)
}

/// Adds an entry.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, event: &AuditEvent) -> StoreResult<()> {
    let document = serde_json::to_string(event).map_err(unreadable("audit event"))?;
    let row = audit_event::ActiveModel { id: Set(event.id.as_bytes().to_vec()), document: Set(document) };
    audit_event::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes the oldest entries before one, as many as a step may; answers how many.
#[derive(Debug)]
pub(crate) struct ForgetEntries {
    pub(crate) before: AuditEventId,
}

impl Single for ForgetEntries {
    type Output = u64;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<u64> {
        let sql = format!(
            "DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE id < $1 ORDER BY id LIMIT {STEP})"
        );
        Ok(execute(db, &sql, vec![self.before.as_bytes().to_vec().into()]).await?)
    }
}

/// The oldest of the newest `keep` entries; `None` where there are no more than that. Walked to in pages, so that no statement takes long
/// however many are kept.
pub(crate) async fn oldest_of<C: ConnectionTrait>(db: &C, keep: u64) -> StoreResult<Option<AuditEventId>> {
    let (mut at, mut left) = (None, keep);
    while left > 0 {
        let page = left.min(PAGE);
        let mut query = audit_event::Entity::find().select_only().column(audit_event::Column::Id);
        if let Some(at) = at {
            query = query.filter(audit_event::Column::Id.lt(at));
        }
        let query = query.order_by_desc(audit_event::Column::Id).offset(page - 1).limit(1);
        let Some(found) = query.into_tuple::<Vec<u8>>().one(db).await? else { return Ok(None) };
        (at, left) = (Some(found), left - page);
    }
    at.as_deref().map(|bytes| id(bytes).map(AuditEventId::from_bytes)).transpose()
}
