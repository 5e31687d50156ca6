//! Bringing the schema up to date while other nodes do the same.
//!
//! All steps that are missing are one transaction, and only one node is in it at a time: on SQLite by the write lock, on PostgreSQL by
//! an advisory lock. The others wait and find nothing left to do. A node older than the schema finds all of its steps applied and
//! starts: see the rules for steps in the migrations crate.

use std::collections::HashSet;

use haechi_migrations::{Migrator, MigratorTrait, SERVER_IDENTITY};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};

use super::database::Database;
use crate::store::StoreResult;

/// Names the lock: "haechi" in ASCII.
const LOCK: i64 = 0x0068_6165_6368_6931;

/// Applies the missing steps.
pub(crate) async fn up(db: &Database) -> StoreResult<()> {
    if is_current(db).await? {
        return Ok(());
    }
    let transaction = alone(db).await?;
    if !is_current(&transaction).await? {
        Migrator::up(&transaction, None).await?;
    }
    Ok(transaction.commit().await?)
}

/// Takes all steps back.
pub(crate) async fn down(db: &Database) -> StoreResult<()> {
    let transaction = alone(db).await?;
    Migrator::down(&transaction, None).await?;
    Ok(transaction.commit().await?)
}

/// A transaction that no other node has at the same time.
async fn alone(db: &Database) -> Result<DatabaseTransaction, DbErr> {
    let transaction = db.begin().await?;
    if db.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(transaction)
}

/// Every step of this program, and whether it is applied.
pub(crate) async fn status<C: ConnectionTrait>(db: &C) -> StoreResult<Vec<(String, bool)>> {
    let applied = applied(db).await?;
    Ok(Migrator::names().into_iter().map(|name| (name.clone(), applied.contains(&name))).collect())
}

/// Whether the schema has come to where a database says whose it is.
pub(crate) async fn says_whose<C: ConnectionTrait>(db: &C) -> StoreResult<bool> {
    Ok(applied(db).await?.contains(SERVER_IDENTITY))
}

/// Whether every step of this program is applied.
async fn is_current<C: ConnectionTrait>(db: &C) -> Result<bool, DbErr> {
    let applied = applied(db).await?;
    Ok(Migrator::names().iter().all(|name| applied.contains(name)))
}

/// The names of the steps that the database has.
async fn applied<C: ConnectionTrait>(db: &C) -> Result<HashSet<String>, DbErr> {
    let backend = db.get_database_backend();
    let installed = match backend {
        DbBackend::Postgres => "SELECT to_regclass('seaql_migrations') IS NOT NULL AS installed",
        _ => "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations') AS installed",
    };
    let row = db.query_one_raw(Statement::from_string(backend, installed)).await?;
    if !row.map_or(Ok(false), |row| row.try_get("", "installed"))? {
        return Ok(HashSet::new());
    }
    let rows = db.query_all_raw(Statement::from_string(backend, "SELECT version FROM seaql_migrations")).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
