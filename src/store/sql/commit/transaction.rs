//! Transactions that write, and one write in a transaction of its own.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::write::{Answer, Write};
use crate::store::sql::db::error::is_lost;
use crate::store::{StoreError, StoreResult};

/// Carries out one write in a transaction of its own.
pub(crate) async fn alone(db: &DatabaseConnection, write: &Write) -> StoreResult<Answer> {
    if write.is_one_statement() {
        return write.apply(db).await;
    }
    let transaction = begin(db).await?;
    match write.apply(&transaction).await {
        Ok(answer) => transaction.commit().await.map(|()| answer).map_err(|error| lost(&error)),
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

/// A commit that was not answered: whatever the cause, nobody knows whether it happened.
pub(crate) fn lost(error: &DbErr) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Begins a transaction that writes: on SQLite it takes the write lock at once, as one that takes it later can find that
/// it read what has changed since. That the database closed a connection meanwhile is often found out here, before anything was
/// done: then another connection is tried.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
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
