//! Documents of clients of which something was not written down beside them yet: by a step of the schema, or by a node of an older release.
//!
//! Owns finding and reading them. Leaves what is written down to whoever writes it.

use sea_orm::ConnectionTrait;

use crate::model::client::Client;
use crate::store::StoreResult;
use crate::store::sql::db::query_all;

/// How many clients are looked through at a time.
pub(super) const AT_ONCE: u32 = 100;

/// A client's id, its version and its document.
pub(super) type Row = (String, i64, String);

/// Some clients that have another version than the one of which this column says that it was written down.
pub(super) async fn behind<C: ConnectionTrait>(db: &C, column: &'static str) -> StoreResult<Vec<Row>> {
    let sql =
        format!("SELECT id, version, document FROM clients WHERE {column} <> version ORDER BY id LIMIT {AT_ONCE}");
    let rows = query_all(db, &sql, vec![]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "version")?, row.try_get("", "document")?)))
        .collect()
}

/// The client of a document. One that cannot be read says nothing that counts, and keeps nothing else from going on.
pub(super) fn read(id: &str, document: &str) -> Option<Client> {
    let read = serde_json::from_str(document);
    read.inspect_err(|error| tracing::warn!(%error, client = id, "a client's document cannot be read")).ok()
}
