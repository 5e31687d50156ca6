//! A database: its connections, and how long each is ours.
//!
//! Owns how a transaction begins, on each backend and behind a pooler. A pooler that lends a connection of the database's for one transaction at a time
//! (PgBouncer's `pool_mode=transaction`) leaves nothing in place from one transaction to the next: settings of the session go to the client
//! that gets the connection afterwards, and so do prepared statements, while their names are those that the last one gave. So behind such a pooler every statement is in a
//! transaction, which sets its own limits and clears away the names before it does anything else.

use std::fmt::Write;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::sqlx::PgPool;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::error::of_a_commit;

/// Connections to a database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    connections: DatabaseConnection,
    /// What is said first in each transaction, where a pooler lends the connections.
    preamble: Option<Arc<str>>,
}

impl Database {
    /// Connections that are ours for as long as they last.
    pub(crate) fn own(connections: DatabaseConnection) -> Self {
        Self { connections, preamble: None }
    }

    /// Connections that a pooler lends for a transaction at a time, with what PostgreSQL is told in each: names of settings, and values.
    pub(crate) fn lent<'a>(
        connections: DatabaseConnection,
        settings: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        // The library names its statements by a counter of its own, and another client of the pooler does likewise.
        let mut preamble = "DEALLOCATE ALL".to_owned();
        for (name, value) in settings {
            let _ = write!(preamble, "; SET LOCAL {name} = '{value}'");
        }
        Self { connections, preamble: Some(preamble.into()) }
    }

    /// Begins a transaction that may write: on SQLite it takes the write lock at once, as one that takes it later can find that it read what
    /// has changed since.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let immediate = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
        let connections = self.connections.clone();
        let begin = async move { connections.begin_with_options(options).await };
        // The library counts a transaction once PostgreSQL has answered. A caller that gives up before would leave one that nobody knows of on a connection
        // of the pool: so the answer is waited for, and what nobody takes is rolled back.
        let transaction = match self.get_database_backend() {
            DbBackend::Postgres => {
                tokio::spawn(begin).await.unwrap_or_else(|error| Err(DbErr::Custom(error.to_string())))?
            }
            _ => begin.await?,
        };
        if let Some(preamble) = &self.preamble {
            transaction.execute_unprepared(preamble).await?;
        }
        Ok(transaction)
    }

    /// Behind a pooler, the transaction that a single statement is in.
    async fn lent_for_one(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        match self.preamble {
            Some(_) => self.begin().await.map(Some),
            None => Ok(None),
        }
    }

    /// PostgreSQL's own pool, for what the library above it has no words for, and what is said first in each transaction there. `None` on SQLite.
    pub(crate) fn postgres(&self) -> Option<(&PgPool, Option<&str>)> {
        match self.get_database_backend() {
            DbBackend::Postgres => Some((self.connections.get_postgres_connection_pool(), self.preamble.as_deref())),
            _ => None,
        }
    }

    /// The connections, for a test that looks at them.
    #[cfg(test)]
    pub(crate) fn connections(&self) -> &DatabaseConnection {
        &self.connections
    }

    /// Closes the connections, once those who use them are done.
    pub(crate) async fn close(self) -> Result<(), DbErr> {
        self.connections.close().await
    }
}

/// Ends a transaction of one statement, as that went.
async fn ended<T>(transaction: DatabaseTransaction, answer: Result<T, DbErr>) -> Result<T, DbErr> {
    match answer {
        Ok(answer) => transaction.commit().await.map(|()| answer).map_err(of_a_commit),
        Err(error) => {
            // A connection on which even this fails is closed by the pool.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

/// One statement, committed when it is answered.
#[async_trait]
impl ConnectionTrait for Database {
    fn get_database_backend(&self) -> DbBackend {
        self.connections.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(transaction) = self.lent_for_one().await? else {
            return self.connections.execute_raw(statement).await;
        };
        let answer = transaction.execute_raw(statement).await;
        ended(transaction, answer).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let Some(transaction) = self.lent_for_one().await? else {
            return self.connections.execute_unprepared(sql).await;
        };
        let answer = transaction.execute_unprepared(sql).await;
        ended(transaction, answer).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(transaction) = self.lent_for_one().await? else {
            return self.connections.query_one_raw(statement).await;
        };
        let answer = transaction.query_one_raw(statement).await;
        ended(transaction, answer).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(transaction) = self.lent_for_one().await? else {
            return self.connections.query_all_raw(statement).await;
        };
        let answer = transaction.query_all_raw(statement).await;
        ended(transaction, answer).await
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectOptions;

    use super::*;

    #[tokio::test]
    async fn a_failed_commit_of_one_statement_is_told_from_a_refused_statement() {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let connections = sea_orm::Database::connect(options).await.unwrap();
        let lent = Database { connections, preamble: Some("SELECT 1".into()) };
        for statement in [
            "CREATE TABLE written (value INTEGER PRIMARY KEY)",
            "CREATE TABLE referring (target INTEGER REFERENCES written (value) DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO written (value) VALUES (1)",
        ] {
            lent.execute_unprepared(statement).await.unwrap();
        }
        let refused = lent.execute_unprepared("INSERT INTO written (value) VALUES (1)").await.unwrap_err();
        assert!(matches!(refused, DbErr::Exec(_) | DbErr::Query(_)), "{refused:?}");
        // What it refers to is looked for by the commit and not before.
        let failed = lent.execute_unprepared("INSERT INTO referring (target) VALUES (404)").await.unwrap_err();
        assert!(matches!(failed, DbErr::Conn(_)), "{failed:?}");
    }
}
