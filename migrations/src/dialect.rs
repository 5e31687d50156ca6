//! The few words in which SQLite and PostgreSQL differ.
//!
//! Steps are written in SQL, so that what a table is can be read off them, with these placeholders:
//!
//! - `{bytes}`: the type of a byte string.
//! - `{random_id}`: 16 random bytes, others for each row.
//! - `{clustered}`: the rows live in the index of the primary key (SQLite). For small rows that are found by their key.
//! - `{updated}`: pages keep room for new versions of their rows, so that an update which touches no indexed column touches no
//!   index (PostgreSQL).
//! - `{postgres}`, `{sqlite}` at its beginning: the statement is for this one alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Runs the statements, one after the other.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&'static str]) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    for statement in statements.iter().filter_map(|statement| meant_for(backend, statement)) {
        let sql = translated(statement, backend);
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// The statement without the word that says for whom it is; `None` where it is for the other one.
fn meant_for(backend: DbBackend, statement: &'static str) -> Option<&'static str> {
    let (own, others) = match backend {
        DbBackend::Postgres => ("{postgres}", "{sqlite}"),
        _ => ("{sqlite}", "{postgres}"),
    };
    if statement.starts_with(others) { None } else { Some(statement.strip_prefix(own).unwrap_or(statement)) }
}

fn translated(statement: &str, backend: DbBackend) -> String {
    let (bytes, random_id, clustered, updated) = match backend {
        DbBackend::Postgres => ("BYTEA", "uuid_send(gen_random_uuid())", "", "WITH (fillfactor = 70)"),
        _ => ("BLOB", "randomblob(16)", "WITHOUT ROWID", ""),
    };
    let texts = [("{bytes}", bytes), ("{random_id}", random_id), ("{clustered}", clustered), ("{updated}", updated)];
    texts.into_iter().fold(statement.to_owned(), |sql, (placeholder, text)| sql.replace(placeholder, text))
}

/// A step made of the statements that apply it and those that take it back.
macro_rules! step {
    ($name:literal, up: $up:expr, down: $down:expr) => {
        pub(crate) struct Migration;

        impl sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &'static str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                crate::dialect::run(manager, $up).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                crate::dialect::run(manager, $down).await
            }
        }
    };
}

pub(crate) use step;
