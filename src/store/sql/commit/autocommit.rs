//! A statement without a transaction around it: PostgreSQL commits it by itself, and its answer says so. `BEGIN` and `COMMIT` would be two trips more.
//!
//! Owns telling a statement that the database refused, which then did nothing, from one of which nobody knows what became.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::store::sql::db::database::Database;
use crate::store::sql::db::error::is_refusal;

/// A database that commits each statement by itself.
#[derive(Debug)]
pub(super) struct Autocommit<'a> {
    db: &'a Database,
    refused: AtomicBool,
}

impl<'a> Autocommit<'a> {
    pub(super) const fn on(db: &'a Database) -> Self {
        Self { db, refused: AtomicBool::new(false) }
    }

    /// Whether the database refused the last statement that failed.
    pub(super) fn has_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    fn noted<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        answer.inspect_err(|error| self.refused.store(is_refusal(error), Ordering::Relaxed))
    }
}

#[async_trait]
impl ConnectionTrait for Autocommit<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.noted(self.db.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.noted(self.db.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.noted(self.db.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.noted(self.db.query_all_raw(statement).await)
    }
}
