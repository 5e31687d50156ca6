//! How long this side waits for an answer of the database.
//!
//! PostgreSQL itself ends statements that take too long, as long as it can be heard. A machine that vanished, or a network that drops
//! everything, says nothing at all, and the system would wait for a quarter of an hour. SQLite waits itself while another process holds
//! the file; a disk that hangs keeps it for as long as it hangs. Whatever the database does, a request is answered.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use tokio::time::timeout;

use super::database::Database;
use crate::config::database::DatabaseConfig;

/// What is added to the database's own limits, so that where it can be heard it is the one that says so.
const MARGIN: Duration = Duration::from_millis(500);

/// How long is waited for what. A write has its answer when its turn and its transaction are over, at the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// For a statement that reads, waiting for a connection included.
    pub(crate) read: Duration,
    /// For a write's turn: those before it, and on SQLite another process that writes to the file.
    pub(crate) turn: Duration,
    /// For a transaction that has begun. What is in it is short, so one statement that waits for a lock is all that may be slow.
    pub(crate) transaction: Duration,
}

impl Deadlines {
    /// What follows from the database's own limits.
    pub(crate) fn of(config: &DatabaseConfig) -> Self {
        let (acquire, statement) = (config.acquire_timeout(), config.statement_timeout());
        if config.is_sqlite() {
            // Nothing else ends a statement there.
            Self { read: statement, turn: acquire + MARGIN, transaction: statement + MARGIN }
        } else {
            let heard = acquire + statement + MARGIN;
            Self { read: heard, turn: acquire, transaction: heard }
        }
    }

    /// For a write that waits in no queue.
    pub(crate) fn write(&self) -> Duration {
        self.turn + self.transaction
    }
}

/// It is not known what became of the statement.
pub(crate) const SILENT: &str = "the database does not answer in time";

/// Connections for reading, given up when a statement takes too long.
#[derive(Debug)]
pub(crate) struct DeadlineConnection {
    db: Database,
    deadline: Duration,
}

impl DeadlineConnection {
    /// The connections with this deadline for each statement.
    pub(crate) fn new(db: Database, deadline: Duration) -> Self {
        Self { db, deadline }
    }

    async fn answer<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let silent = || DbErr::Conn(RuntimeErr::Internal(SILENT.to_owned()));
        timeout(self.deadline, answer).await.unwrap_or_else(|_| Err(silent()))
    }
}

#[async_trait]
impl ConnectionTrait for DeadlineConnection {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.answer(self.db.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.answer(self.db.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.answer(self.db.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.answer(self.db.query_all_raw(statement)).await
    }
}
