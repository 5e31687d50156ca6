//! Taking something for one attempt to send it: mails, and messages to webhooks.

use sea_orm::{ConnectionTrait, Value};

use crate::store::StoreResult;
use crate::store::sql::db::execute;
use crate::support::Timestamp;

/// An attempt that is about to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    /// How many were made before, as far as was seen.
    pub(super) made: u32,
    /// When it was due, as far as was seen.
    pub(super) due: Timestamp,
    /// When the next one is due, if nothing is heard of this one.
    pub(super) until: Timestamp,
}

/// Takes a row of a table for an attempt: of many that try at once one does, and the next is put off in the same statement.
pub(super) async fn take<C: ConnectionTrait>(
    db: &C,
    table: &'static str,
    id: Value,
    Attempt { made, due, until }: Attempt,
) -> StoreResult<bool> {
    let sql = format!(
        "UPDATE {table} SET attempts = attempts + 1, next_at = $4 \
         WHERE id = $1 AND state = 'waiting' AND attempts = $2 AND next_at = $3"
    );
    let values = vec![id, i64::from(made).into(), due.millis().into(), until.millis().into()];
    Ok(execute(db, &sql, values).await? == 1)
}
