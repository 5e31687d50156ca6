//! Transactions that write, and one write in a transaction of its own.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::error::is_lost;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::{Extent, Mergeable};
use crate::store::{StoreError, StoreResult};

/// Carries out one write in a transaction of its own.
pub(crate) async fn alone<W: Mergeable>(db: &DatabaseConnection, write: &W) -> StoreResult<W::Output> {
    if W::EXTENT == Extent::Statement {
        return only(W::apply(db, Reporting::ReturnsKeys, &[write]).await?);
    }
    let transaction = begin(db).await?;
    match W::apply(&transaction, Reporting::ReturnsKeys, &[write]).await {
        Ok(answers) => {
            transaction.commit().await.map_err(|error| lost(&error))?;
            only(answers)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

/// The answer of the one write there was.
fn only<T>(answers: Vec<T>) -> StoreResult<T> {
    answers.into_iter().next().ok_or_else(|| corrupt("a write was left out"))
}

/// A commit that was not answered: whatever the cause, it is unknown whether it happened.
pub(super) fn lost(error: &DbErr) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Begins a transaction that writes: on SQLite it takes the write lock at once, as one that takes it later can find that
/// it read what has changed since. That the database closed a connection meanwhile is often found out here, before anything was
/// done: then another connection is tried.
pub(super) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match begin_once(db).await {
        Err(error) if is_lost(&error) => begin_once(db).await,
        other => other,
    }
}

async fn begin_once(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() })
        .await
}
