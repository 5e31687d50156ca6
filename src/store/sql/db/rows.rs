//! Statements about many rows at once.
//!
//! Owns the text of `VALUES` lists, and learning which rows a statement changed. Both backends name the columns of such a list `column1`,
//! `column2` and so on.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// How many rows a statement may be about. Few sizes make few texts, so that each is parsed once in the life of a connection.
const SIZES: [usize; 11] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, LARGEST];
/// The most rows of one statement.
pub(crate) const LARGEST: usize = 64;

/// What a statement is about: rows of values, and one value that all of them share.
pub(crate) struct Rows {
    pub(crate) values: Vec<Vec<Value>>,
    pub(crate) common: Option<Value>,
}

impl Rows {
    pub(crate) fn new(values: impl Iterator<Item = Vec<Value>>) -> Self {
        Self { values: values.collect(), common: None }
    }

    /// The statements for all rows, by what `sql` makes of a `VALUES` list and the placeholder of the common value, which comes after
    /// the list. A list is filled up with rows of nulls: the statement must pass over rows whose `column1` is null.
    fn statements(self, backend: DbBackend, sql: &dyn Fn(&str, &str) -> String) -> Vec<(usize, Statement)> {
        let mut statements = Vec::new();
        let mut rows = self.values.into_iter();
        while let Some(first) = rows.next() {
            let (columns, filling) = (first.len(), nulls(&first));
            let count = LARGEST.min(1 + rows.len());
            let size = padded(count);
            let common =
                if backend == DbBackend::Postgres { format!("${}", size * columns + 1) } else { "?".to_owned() };
            let sql = sql(&values_list(backend, size, columns), &common);
            let mut values = Vec::with_capacity(size * columns + 1);
            values.extend(first);
            values.extend(rows.by_ref().take(count - 1).flatten());
            for _ in count..size {
                values.extend_from_slice(&filling);
            }
            values.extend(self.common.clone());
            statements.push((count, Statement::from_sql_and_values(backend, sql, values)));
        }
        statements
    }
}

/// Runs a statement for all rows and gathers what it returns.
pub(crate) async fn select<C: ConnectionTrait>(
    db: &C,
    rows: Rows,
    sql: impl Fn(&str, &str) -> String + Send + Sync,
) -> Result<Vec<QueryResult>, DbErr> {
    let mut returned = Vec::new();
    for (_, statement) in rows.statements(db.get_database_backend(), &sql) {
        returned.extend(db.query_all_raw(statement).await?);
    }
    Ok(returned)
}

/// Runs a statement for all rows; how many it changes does not matter.
pub(crate) async fn execute<C: ConnectionTrait>(
    db: &C,
    rows: Rows,
    sql: impl Fn(&str, &str) -> String + Send + Sync,
) -> Result<(), DbErr> {
    for (_, statement) in rows.statements(db.get_database_backend(), &sql) {
        db.execute_raw(statement).await?;
    }
    Ok(())
}

/// How a statement reports the rows it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reporting {
    /// The statement returns the key of each.
    ReturnsKeys,
    /// The statement is expected to change them all, and fails otherwise: to be taken back, and run again to learn which. SQLite
    /// hands rows over one by one from another thread, which costs more than changing them.
    ExpectsAll,
}

/// The rows that a statement changed.
pub(crate) enum ChangedRows {
    All,
    Keys(HashSet<Vec<u8>>),
}

impl ChangedRows {
    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Keys(keys) => keys.contains(key),
        }
    }
}

/// Runs a statement for all rows, of which it changes some; `key` is the column that says which.
pub(crate) async fn change<C: ConnectionTrait>(
    db: &C,
    reporting: Reporting,
    rows: Rows,
    key: &str,
    sql: impl Fn(&str, &str) -> String + Send + Sync,
) -> Result<ChangedRows, DbErr> {
    if reporting == Reporting::ReturnsKeys {
        let returned = select(db, rows, |list, common| format!("{} RETURNING {key}", sql(list, common))).await?;
        let keys = returned.iter().map(|row| row.try_get("", key)).collect::<Result<_, _>>()?;
        return Ok(ChangedRows::Keys(keys));
    }
    for (count, statement) in rows.statements(db.get_database_backend(), &sql) {
        if db.execute_raw(statement).await?.rows_affected() != count as u64 {
            return Err(DbErr::RecordNotUpdated);
        }
    }
    Ok(ChangedRows::All)
}

/// The smallest size with room for `rows`, or the largest there is.
fn padded(rows: usize) -> usize {
    SIZES.into_iter().find(|size| *size >= rows).unwrap_or(LARGEST)
}

/// A row of nulls with the types of this one.
fn nulls(row: &[Value]) -> Vec<Value> {
    row.iter().map(Value::as_null).collect()
}

/// `VALUES ($1, $2), ($3, $4)`; without numbers for SQLite, which looks a numbered one up by going through all.
pub(crate) fn values_list(backend: DbBackend, rows: usize, columns: usize) -> String {
    use std::fmt::Write;
    let mut list = String::with_capacity(8 + rows * columns * 6);
    list.push_str("VALUES ");
    for at in 0..rows * columns {
        let before = match (at % columns, at) {
            (0, 0) => "(",
            (0, _) => "), (",
            _ => ", ",
        };
        list.push_str(before);
        match backend {
            DbBackend::Postgres => _ = write!(list, "${}", at + 1),
            _ => list.push('?'),
        }
    }
    list.push(')');
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_numbers_its_parameters_row_by_row() {
        assert_eq!(values_list(DbBackend::Postgres, 2, 2), "VALUES ($1, $2), ($3, $4)");
        assert_eq!(values_list(DbBackend::Sqlite, 1, 1), "VALUES (?)");
    }

    #[test]
    fn a_number_of_rows_is_filled_up_to_a_size() {
        assert_eq!([1, 3, 5, 33, 64, 200].map(padded), [1, 3, 6, 64, 64, 64]);
    }

    #[test]
    fn rows_are_cut_filled_up_and_followed_by_what_they_share() {
        let values = (0..69_i64).map(|n| vec![n.into()]);
        let rows = Rows { common: Some(7_i64.into()), ..Rows::new(values) };
        let statements = rows.statements(DbBackend::Postgres, &|list, common| format!("{list} {common}"));
        let [(64, first), (5, rest)] = &statements[..] else { panic!("{statements:?}") };
        assert!(first.sql.ends_with("($64) $65"), "{}", first.sql);
        assert!(rest.sql.ends_with("($6) $7"), "{}", rest.sql);
        let values = &rest.values.as_ref().unwrap().0;
        assert_eq!(values[4..], [68_i64.into(), Value::BigInt(None), 7_i64.into()]);
    }
}
