//! The audit log.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::model::audit_event::AuditEvent;
use crate::store::sql::db::codec::unreadable;
use crate::store::sql::db::entity::audit_event;
use crate::store::sql::db::page::page;
use crate::store::{Page, StoreResult};
use crate::support::id::AuditEventId;

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
