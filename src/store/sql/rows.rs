//! Statements about many rows at once.
//!
//! Owns the text of `VALUES` lists. Both backends name their columns `column1`, `column2` and so on.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// The most rows of one statement.
const LARGEST: usize = 64;

/// Runs the statement that `sql` makes of a `VALUES` list, for all rows, and gathers what it returns.
///
/// A list is cut into pieces of 64, 32, 16, 8, 4, 2 and 1 rows, so that there are few texts and each is parsed once in the life of a
/// connection. The statement may use `common` as `$1`, `$2` and so on; the list numbers its parameters after them.
pub(super) async fn for_all<C: ConnectionTrait>(
    db: &C,
    common: Vec<Value>,
    rows: Vec<Vec<Value>>,
    sql: impl Fn(&str) -> String + Send,
) -> Result<Vec<QueryResult>, DbErr> {
    let mut returned = Vec::new();
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let size = piece(rows.len());
        let mut values = common.clone();
        values.extend(rows.by_ref().take(size).flatten());
        let columns = (values.len() - common.len()) / size;
        let sql = sql(&values_list(size, columns, common.len() + 1));
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        returned.extend(db.query_all_raw(statement).await?);
    }
    Ok(returned)
}

/// The largest power of two that is neither more than `left` nor more than [`LARGEST`].
fn piece(left: usize) -> usize {
    if left >= LARGEST { LARGEST } else { 1 << left.ilog2() }
}

/// `VALUES ($1, $2), ($3, $4)`, beginning with `first`.
fn values_list(rows: usize, columns: usize, first: usize) -> String {
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
        let _ = write!(list, "${}", first + at);
    }
    list.push(')');
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_numbers_its_parameters_row_by_row() {
        assert_eq!(values_list(2, 2, 1), "VALUES ($1, $2), ($3, $4)");
        assert_eq!(values_list(1, 1, 3), "VALUES ($3)");
    }

    #[test]
    fn every_number_of_rows_is_a_sum_of_few_sizes() {
        assert_eq!([1, 2, 3, 63, 64, 200].map(piece), [1, 2, 2, 32, 64, 64]);
    }
}
