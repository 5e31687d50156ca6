//! How long this side waits for an answer of the database.
//!
//! PostgreSQL itself ends statements that take too long, as long as it can be heard. A machine that vanished, or a network that drops
//! everything, says nothing at all, and the system would wait for a quarter of an hour.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};

use crate::config::database::DatabaseConfig;
use crate::store::StoreError;

/// What is added to the database's own limits, so that where it can be heard it is the one that says so.
const MARGIN: Duration = Duration::from_millis(500);

/// How long one statement may take, waiting for a connection included.
pub(crate) fn of_statement(config: &DatabaseConfig) -> Duration {
    config.acquire_timeout() + config.statement_timeout() + MARGIN
}

/// How long one transaction may take: what is in it is short, so one statement that waits for a lock is all that may be slow.
pub(crate) fn of_transaction(config: &DatabaseConfig) -> Duration {
    of_statement(config) + config.statement_timeout()
}

/// It is not known what became of the statement.
pub(crate) fn silent() -> StoreError {
    StoreError::Unavailable("the database does not answer in time".to_owned())
}

/// Waits for an answer until the deadline, where there is one.
pub(crate) async fn within<T>(deadline: Option<Duration>, answer: impl Future<Output = T>) -> Option<T> {
    match deadline {
        None => Some(answer.await),
        Some(deadline) => tokio::time::timeout(deadline, answer).await.ok(),
    }
}

/// Connections for reading, given up when a statement takes too long.
#[derive(Debug)]
pub(crate) struct DeadlineConnection {
    db: DatabaseConnection,
    deadline: Option<Duration>,
}

impl DeadlineConnection {
    /// The connections with this deadline for each statement; a SQLite file needs none.
    pub(crate) fn new(db: DatabaseConnection, deadline: Option<Duration>) -> Self {
        Self { db, deadline }
    }

    async fn answer<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let silent = || DbErr::Conn(RuntimeErr::Internal("the database does not answer in time".to_owned()));
        within(self.deadline, answer).await.unwrap_or_else(|| Err(silent()))
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
