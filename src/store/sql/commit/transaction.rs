//! Transactions that write, and one write in a transaction of its own.
//!
//! Owns what counts as committed: what the database has confirmed, and nothing else. SQLite takes a transaction back by itself when the disk is full or
//! fails, and the libraries above it count on as if it were there; so a connection on which the database did not confirm how a
//! transaction ended is of no use any more ([`Failed::Unconfirmed`]), and its holder throws it away. Owns also that a commit is noted beside a
//! SQLite database before its callers hear of it.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::database::Database;
use crate::store::sql::db::error::{is_busy, is_lost};
use crate::store::sql::db::mark_file::MarkFile;
use crate::store::sql::db::rows::Reporting;
use crate::store::sql::statements::server;
use crate::store::sql::statements::write::{Extent, Mergeable};
use crate::store::{Noted, StoreError, StoreResult};

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

/// A connection that writes, and where what it commits is noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    pub(super) db: &'a Database,
    /// `None` where commits are not noted one by one.
    pub(super) mark: Option<&'a MarkFile>,
}

impl<'a> Writer<'a> {
    /// One whose commits are noted nowhere.
    pub(crate) fn of(db: &'a Database) -> Self {
        Self { db, mark: None }
    }

    /// One whose commits are noted there.
    pub(super) fn noting(db: &'a Database, mark: Option<&'a Arc<MarkFile>>) -> Self {
        Self { db, mark: mark.map(Arc::as_ref) }
    }
}

/// Carries out one write in a transaction of its own.
pub(crate) async fn alone<W: Mergeable>(writer: Writer<'_>, write: &W) -> Result<W::Output, Failed> {
    let db = writer.db;
    // On PostgreSQL a statement is committed by itself, and its answer says so. SQLite's answer to `COMMIT` is the surer one.
    if W::EXTENT == Extent::Statement && db.get_database_backend() == DbBackend::Postgres {
        return only(W::apply(db, Reporting::ReturnsKeys, &[write]).await).map_err(|error| match error {
            StoreError::Unavailable(why) => Failed::Unconfirmed(why),
            refused => Failed::Undone(refused),
        });
    }
    let transaction = begin(db).await?;
    let answers = W::apply(&transaction, Reporting::ReturnsKeys, &[write]).await;
    writer.end(transaction, only(answers)).await
}

/// The answer of the one write there was.
fn only<T>(answers: StoreResult<Vec<T>>) -> StoreResult<T> {
    answers?.into_iter().next().ok_or_else(|| corrupt("a write was left out"))
}

/// Begins a transaction that writes. That the database closed a connection meanwhile is often found out here, before anything was
/// done: then another connection is tried.
pub(super) async fn begin(db: &Database) -> Result<DatabaseTransaction, Failed> {
    let begun = match db.begin().await {
        Err(error) if is_lost(&error) => db.begin().await,
        other => other,
    };
    begun.map_err(|error| if is_busy(&error) { Failed::Busy(error.to_string()) } else { unconfirmed(&error) })
}

impl Writer<'_> {
    /// Commits what went well, and takes back what did not.
    pub(super) async fn end<T>(self, transaction: DatabaseTransaction, outcome: StoreResult<T>) -> Result<T, Failed> {
        match self.counted(&transaction, outcome).await {
            Ok((answer, state)) => {
                transaction.commit().await.map_err(|error| unconfirmed(&error))?;
                if let (Some(mark), Some(state)) = (self.mark, state) {
                    mark.note(&state);
                }
                Ok(answer)
            }
            Err(why) => match transaction.rollback().await {
                Ok(()) => Err(Failed::Undone(why)),
                Err(_) => Err(Failed::Unconfirmed(why.to_string())),
            },
        }
    }

    /// What went well, with the state that the database is in once it is committed, where that is noted.
    async fn counted<T>(
        self,
        transaction: &DatabaseTransaction,
        outcome: StoreResult<T>,
    ) -> StoreResult<(T, Option<Noted>)> {
        let answer = outcome?;
        match self.mark {
            Some(_) => Ok((answer, server::count_commit(transaction).await?)),
            None => Ok((answer, None)),
        }
    }
}

fn unconfirmed(error: &DbErr) -> Failed {
    Failed::Unconfirmed(error.to_string())
}
