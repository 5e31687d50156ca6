//! What every statement rests on: connections, their deadlines, what errors mean, and how rows and values are written and read.
//!
//! Owns the connections and the tables as sea-orm sees them. Leaves what is asked of them to the statements.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

pub(crate) mod bulk;
pub(crate) mod by_type;
pub(crate) mod codec;
pub(crate) mod connect;
pub(crate) mod database;
pub(crate) mod deadline;
pub(crate) mod entity;
pub(crate) mod error;
pub(crate) mod mark_file;
pub(crate) mod migrate;
pub(crate) mod own_connection;
pub(crate) mod page;
pub(crate) mod rows;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod worker;

/// Runs one statement and says how many rows it changed. Parameters are written `$1`, which both backends read.
pub(crate) async fn execute<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// Runs one statement and returns its rows. Parameters are written as for [`execute`].
pub(crate) async fn query_all<C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}

/// Runs one statement and returns its first row. Parameters are written as for [`execute`]. Its answer is read to the end, as only there does
/// the database say that it has committed what a statement with `RETURNING` changed.
pub(crate) async fn query_one<C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>, DbErr> {
    Ok(query_all(db, sql, values).await?.into_iter().next())
}
