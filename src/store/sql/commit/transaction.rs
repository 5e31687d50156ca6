//! Transactions that write, and one write in a transaction of its own.
//!
//! Owns what counts as committed: what the database has confirmed, and nothing else. SQLite takes a transaction back by itself when the disk is full or
//! fails, and the libraries above it count on as if it were there; so a connection on which the database did not confirm how a
//! transaction ended is of no use any more ([`Failed::Unconfirmed`]), and its holder throws it away.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::error::{is_busy, is_lost};
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::write::{Extent, Mergeable};
use crate::store::{StoreError, StoreResult};

/// How a transaction failed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Another process is writing to the file. Nothing was begun.
    Busy(String),
    /// Nothing happened, as the database has confirmed; why.
    Undone(StoreError),
    /// The database did not confirm that a transaction had begun, was committed or was taken back. Whether it happened is unknown, and what
    /// state the connection is in.
    Unconfirmed(String),
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Undone(why) => why,
            Failed::Busy(why) | Failed::Unconfirmed(why) => Self::Unavailable(why),
        }
    }
}

/// Carries out one write in a transaction of its own.
pub(crate) async fn alone<W: Mergeable>(db: &DatabaseConnection, write: &W) -> Result<W::Output, Failed> {
    // PostgreSQL commits a statement by itself, and its answer says so. SQLite's answer to `COMMIT` is the surer one.
    if W::EXTENT == Extent::Statement && db.get_database_backend() == DbBackend::Postgres {
        return only(W::apply(db, Reporting::ReturnsKeys, &[write]).await).map_err(|error| match error {
            StoreError::Unavailable(why) => Failed::Unconfirmed(why),
            refused => Failed::Undone(refused),
        });
    }
    let transaction = begin(db).await?;
    let answers = W::apply(&transaction, Reporting::ReturnsKeys, &[write]).await;
    end(transaction, only(answers)).await
}

/// The answer of the one write there was.
fn only<T>(answers: StoreResult<Vec<T>>) -> StoreResult<T> {
    answers?.into_iter().next().ok_or_else(|| corrupt("a write was left out"))
}

/// Begins a transaction that writes: on SQLite it takes the write lock at once, as one that takes it later can find that
/// it read what has changed since. That the database closed a connection meanwhile is often found out here, before anything was
/// done: then another connection is tried.
pub(super) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, Failed> {
    let begun = match begin_once(db).await {
        Err(error) if is_lost(&error) => begin_once(db).await,
        other => other,
    };
    begun.map_err(|error| if is_busy(&error) { Failed::Busy(error.to_string()) } else { unconfirmed(&error) })
}

async fn begin_once(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() })
        .await
}

/// Commits what went well, and takes back what did not.
pub(super) async fn end<T>(transaction: DatabaseTransaction, outcome: StoreResult<T>) -> Result<T, Failed> {
    match outcome {
        Ok(answer) => transaction.commit().await.map(|()| answer).map_err(|error| unconfirmed(&error)),
        Err(why) => match transaction.rollback().await {
            Ok(()) => Err(Failed::Undone(why)),
            Err(_) => Err(Failed::Unconfirmed(why.to_string())),
        },
    }
}

fn unconfirmed(error: &DbErr) -> Failed {
    Failed::Unconfirmed(error.to_string())
}
