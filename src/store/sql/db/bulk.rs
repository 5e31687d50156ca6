//! Very many rows at once: by `COPY` on PostgreSQL, by statements of many rows on SQLite, in one transaction on both.
//!
//! Owns that transaction. PostgreSQL's is the driver's own, as the library above it has no words for `COPY`; so what else is said in it goes with its values written
//! out. Leaves which rows they are to the statements.

use std::fmt::Write;
use std::sync::Arc;

use sea_orm::sqlx::{AssertSqlSafe, Executor, PgConnection, Postgres, Row, Transaction};
use sea_orm::{
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait, RuntimeErr, SqlxError,
    Statement, Value,
};

use super::database::Database;
use super::rows::{self, Rows};
use super::{execute, query_one};

/// About how many bytes go to PostgreSQL at a time.
const CHUNK: usize = 1 << 20;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Rows of one table.
pub(crate) struct BulkRows {
    pub(crate) table: &'static str,
    pub(crate) columns: Vec<&'static str>,
    /// Each in the order of the columns.
    pub(crate) rows: Vec<Vec<Value>>,
}

impl BulkRows {
    /// The rows of these models.
    pub(crate) fn of<M: ModelTrait>(table: &'static str, models: impl Iterator<Item = M>) -> Self {
        let columns = || <<M::Entity as EntityTrait>::Column as Iterable>::iter();
        let rows = models.map(|model| columns().map(|column| model.get(column)).collect());
        Self { table, rows: rows.collect(), columns: columns().map(|column| column.as_str()).collect() }
    }
}

/// A transaction in which a database is filled.
#[derive(Debug)]
pub(crate) enum BulkTransaction {
    /// The driver's.
    Postgres(Transaction<'static, Postgres>),
    /// The library's.
    Sqlite(DatabaseTransaction),
}

impl BulkTransaction {
    /// Begins one that may take as long as it takes.
    pub(crate) async fn begin(db: &Database) -> Result<Self, DbErr> {
        let Some((pool, preamble)) = db.postgres() else { return db.begin().await.map(Self::Sqlite) };
        let mut transaction = pool.begin().await.map_err(failed)?;
        if let Some(preamble) = preamble {
            tell(&mut transaction, preamble.to_owned()).await?;
        }
        let limits = "SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'";
        tell(&mut transaction, limits.to_owned()).await?;
        Ok(Self::Postgres(transaction))
    }

    /// Keeps everybody else from these tables until the end. SQLite has one writer anyway.
    pub(crate) async fn take(&mut self, tables: &[&str]) -> Result<(), DbErr> {
        let Self::Postgres(transaction) = self else { return Ok(()) };
        let sql = format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", "));
        tell(transaction, sql).await?;
        Ok(())
    }

    /// What a question is answered whose one row has one column, `said`, that is true or false.
    pub(crate) async fn says(&mut self, sql: &str) -> Result<bool, DbErr> {
        match self {
            Self::Postgres(transaction) => {
                let connection: &mut PgConnection = transaction;
                let row = connection.fetch_one(AssertSqlSafe(sql.to_owned())).await.map_err(failed)?;
                row.try_get("said").map_err(failed)
            }
            Self::Sqlite(transaction) => {
                let row = query_one(&*transaction, sql, vec![]).await?;
                row.map_or(Ok(false), |row| row.try_get("", "said"))
            }
        }
    }

    /// Runs one statement; answers how many rows it changed.
    pub(crate) async fn run(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
        match self {
            Self::Postgres(transaction) => {
                let sql = if values.is_empty() {
                    sql.to_owned()
                } else {
                    Statement::from_sql_and_values(DbBackend::Postgres, sql, values).to_string()
                };
                tell(transaction, sql).await
            }
            Self::Sqlite(transaction) => execute(&*transaction, sql, values).await,
        }
    }

    /// Takes the indexes away that these tables have beside their keys; answers what makes them again. An index that is made of all rows at the end costs a fraction of
    /// one that each row is put into. SQLite keeps them: what it is filled with is less.
    pub(crate) async fn drop_indexes(&mut self, tables: &[&str]) -> Result<Vec<String>, DbErr> {
        let Self::Postgres(transaction) = self else { return Ok(Vec::new()) };
        let tables: Vec<String> = tables.iter().map(|table| format!("'{table}'")).collect();
        let sql = format!(
            "SELECT indexname::text AS name, indexdef::text AS definition FROM pg_indexes \
             WHERE schemaname = current_schema() AND tablename IN ({}) \
             AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            tables.join(", ")
        );
        let connection: &mut PgConnection = transaction;
        let found = connection.fetch_all(AssertSqlSafe(sql)).await.map_err(failed)?;
        let mut definitions = Vec::with_capacity(found.len());
        for row in &found {
            let name: String = row.try_get("name").map_err(failed)?;
            definitions.push(row.try_get("definition").map_err(failed)?);
            tell(transaction, format!("DROP INDEX \"{name}\"")).await?;
        }
        Ok(definitions)
    }

    /// Writes rows.
    pub(crate) async fn write(&mut self, bulk: BulkRows) -> Result<(), DbErr> {
        match self {
            Self::Postgres(transaction) => copy(transaction, &bulk).await,
            Self::Sqlite(transaction) => {
                let BulkRows { table, columns, rows } = bulk;
                let columns = columns.join(", ");
                rows::execute(&*transaction, Rows::new(rows.into_iter()), |list, _| {
                    format!("INSERT INTO {table} ({columns}) SELECT * FROM ({list}) AS added WHERE column1 IS NOT NULL")
                })
                .await
            }
        }
    }

    /// Has PostgreSQL look at these tables, so that its planner knows how large they are from the commit on. Nothing tells SQLite in production either.
    pub(crate) async fn measure(&mut self, tables: &[&str]) -> Result<(), DbErr> {
        let Self::Postgres(transaction) = self else { return Ok(()) };
        tell(transaction, format!("ANALYZE {}", tables.join(", "))).await?;
        Ok(())
    }

    /// Commits all of it.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres(transaction) => transaction.commit().await.map_err(failed),
            Self::Sqlite(transaction) => transaction.commit().await,
        }
    }

    /// Takes all of it back.
    pub(crate) async fn roll_back(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres(transaction) => transaction.rollback().await.map_err(failed),
            Self::Sqlite(transaction) => transaction.rollback().await,
        }
    }
}

/// Says something to PostgreSQL for which nothing is prepared: a pooler may stand in between.
async fn tell(connection: &mut PgConnection, sql: String) -> Result<u64, DbErr> {
    let done = connection.execute(AssertSqlSafe(sql)).await.map_err(failed)?;
    Ok(done.rows_affected())
}

async fn copy(connection: &mut PgConnection, bulk: &BulkRows) -> Result<(), DbErr> {
    let sql = format!("COPY {} ({}) FROM STDIN", bulk.table, bulk.columns.join(", "));
    let mut copying = connection.copy_in_raw(&sql).await.map_err(failed)?;
    let mut text = String::with_capacity(CHUNK + CHUNK / 8);
    for row in &bulk.rows {
        push_row(&mut text, row)?;
        if text.len() >= CHUNK {
            copying.send(text.as_bytes()).await.map_err(failed)?;
            text.clear();
        }
    }
    copying.send(text.as_bytes()).await.map_err(failed)?;
    copying.finish().await.map_err(failed)?;
    Ok(())
}

fn failed(error: SqlxError) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

/// A row in the text format of `COPY`: columns with tabs between them, and a line feed at the end.
fn push_row(text: &mut String, row: &[Value]) -> Result<(), DbErr> {
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            text.push('\t');
        }
        match value {
            Value::Bool(Some(said)) => text.push(if *said { 't' } else { 'f' }),
            Value::BigInt(Some(number)) => _ = write!(text, "{number}"),
            Value::String(Some(said)) => push_escaped(text, said),
            Value::Bytes(Some(bytes)) => push_bytes(text, bytes),
            Value::Bool(None) | Value::BigInt(None) | Value::String(None) | Value::Bytes(None) => text.push_str("\\N"),
            _ => return Err(DbErr::Type("a value of a type that is not copied".to_owned())),
        }
    }
    text.push('\n');
    Ok(())
}

/// A text in which nothing ends the column or the line.
fn push_escaped(text: &mut String, said: &str) {
    for letter in said.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
}

/// Bytes as PostgreSQL reads them in hexadecimal digits, `\x…`, with the backslash escaped.
fn push_bytes(text: &mut String, bytes: &[u8]) {
    text.push_str("\\\\x");
    for byte in bytes {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_row_ends_its_column_or_its_line() {
        let mut text = String::new();
        let row = [
            "a\tb\\N\r\n".into(),
            vec![0x5c_u8, 0x0a].into(),
            true.into(),
            (-7_i64).into(),
            Value::String(None),
            Value::Bytes(None),
            "".into(),
        ];
        push_row(&mut text, &row).unwrap();
        assert_eq!(text, "a\\tb\\\\N\\r\\n\t\\\\x5c0a\tt\t-7\t\\N\t\\N\t\n");
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        assert!(push_row(&mut String::new(), &[Value::Double(Some(1.0))]).is_err());
    }
}
