//! What a database's error means to a caller: it is away, it contradicts, or what it holds is unreadable.

use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

use crate::store::{Conflict, StoreError};

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self::from(&error)
    }
}

impl From<&DbErr> for StoreError {
    fn from(error: &DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::Conflict(Conflict::Taken),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Self::Conflict(Conflict::Stale),
            _ => {}
        }
        match error {
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
                if is_of_a_pooler(cause) =>
            {
                Self::Unavailable(format!("{error}{POOLED}"))
            }
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                if is_away(cause) { Self::Unavailable(error.to_string()) } else { Self::Corrupt(error.to_string()) }
            }
            _ => Self::Corrupt(error.to_string()),
        }
    }
}

/// What mends [`is_of_a_pooler`].
pub(crate) const POOLED: &str = "; where a pooler such as PgBouncer lends connections for a transaction at a time, set database.pool_mode = \"transaction\"";

/// Whether PostgreSQL says what it says where a pooler lends connections for a transaction at a time and we take them for our own: that it
/// does not know a parameter of the session, that a prepared statement's name is taken, or that there is no such statement.
pub(crate) fn is_of_a_pooler(error: &SqlxError) -> bool {
    let SqlxError::Database(error) = error else { return false };
    match error.code().as_deref() {
        Some("42P05" | "26000") => true,
        Some("08P01") => error.message().contains("startup parameter"),
        _ => false,
    }
}

/// Whether a connection was lost: another one may well work at once.
pub(crate) fn is_lost(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else { return false };
    match cause {
        RuntimeErr::SqlxError(cause) => match &**cause {
            SqlxError::Io(_) => true,
            SqlxError::Database(error) => error.code().is_some_and(|code| code.starts_with("57P0")),
            _ => false,
        },
        RuntimeErr::Internal(_) => false,
    }
}

/// Whether PostgreSQL itself says that it did not do what a statement asked. Where the connection is lost, or a `COMMIT` fails, nobody says that.
pub(crate) fn is_refusal(error: &DbErr) -> bool {
    let (DbErr::Exec(cause) | DbErr::Query(cause)) = error else { return false };
    let RuntimeErr::SqlxError(cause) = cause else { return false };
    let SqlxError::Database(error) = &**cause else { return false };
    error.code().is_some_and(|code| says_undone(&code))
}

/// A failed `COMMIT`: whatever the code, it is no refusal of the statement before it, and what became of that is unknown.
pub(crate) fn of_a_commit(error: DbErr) -> DbErr {
    match error {
        DbErr::Exec(cause) | DbErr::Query(cause) => DbErr::Conn(cause),
        other => other,
    }
}

/// Whether a code of PostgreSQL (Appendix A, "PostgreSQL Error Codes") means that the statement did nothing.
///
/// Only those that are known to. A pooler answers in the database's stead when its own connection dies with a statement on the way: PgBouncer with
/// 08P01, others with 58000 or XX000.
fn says_undone(code: &str) -> bool {
    /// What is not supported, cardinality, data, constraints, syntax and access (and what a prepared statement is called), a view's check, resources, limits
    /// of the program, state (locks).
    const CLASSES: &[&str] = &["0A", "21", "22", "23", "42", "44", "53", "54", "55"];
    /// A server that only reads; an unknown prepared statement; rollback by a constraint, by serialization and by deadlock, and not 40003, which says
    /// that the outcome is unknown; a statement that was cancelled or took too long.
    const CODES: &[&str] = &["25006", "26000", "40000", "40001", "40002", "40P01", "57014"];
    code.len() == 5 && (CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code))
}

/// Whether another process is writing to the SQLite file, or rearranges it.
pub(crate) fn is_busy(error: &DbErr) -> bool {
    /// `BUSY`.
    const BUSY: u32 = 5;
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else { return false };
    let RuntimeErr::SqlxError(cause) = cause else { return false };
    let SqlxError::Database(error) = &**cause else { return false };
    error.code().and_then(|code| sqlite_kind(&code)) == Some(BUSY)
}

/// The kind that a code of SQLite is of: its low byte. `None` for a code of PostgreSQL, which has five characters.
fn sqlite_kind(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().filter(|_| code.len() != 5).map(|code| code & 0xff)
}

/// Whether trying again later may help.
fn is_away(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => true,
        SqlxError::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

/// Whether a code of PostgreSQL (five characters) or SQLite (a number, its low byte is the kind) is of a condition that passes.
pub(crate) fn is_passing(code: &str) -> bool {
    /// Connection, rollback by deadlock or serialization, resources, state (locks, a database that lets no client in), operator
    /// intervention and timeouts, system.
    const POSTGRES_CLASSES: &[&str] = &["08", "40", "53", "55", "57", "58"];
    /// A server that only reads, as after a failover.
    const POSTGRES_CODES: &[&str] = &["25006"];
    /// `BUSY`, `LOCKED`, `READONLY`, `IOERR`, `FULL`, `CANTOPEN`, `PROTOCOL` (locks that cannot be had).
    const SQLITE_KINDS: &[u32] = &[5, 6, 8, 10, 13, 14, 15];
    if code.len() == 5 {
        return POSTGRES_CLASSES.iter().any(|class| code.starts_with(class)) || POSTGRES_CODES.contains(&code);
    }
    sqlite_kind(code).is_some_and(|kind| SQLITE_KINDS.contains(&kind))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error;
    use std::fmt;
    use std::sync::Arc;

    use sea_orm::sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// An error of the database's with this code.
    #[derive(Debug)]
    struct Code(&'static str);

    impl fmt::Display for Code {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Code {}

    impl DatabaseError for Code {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn answered(code: &'static str) -> DbErr {
        DbErr::Query(RuntimeErr::SqlxError(Arc::new(SqlxError::Database(Box::new(Code(code))))))
    }

    #[test]
    fn what_did_nothing_is_told_from_what_may_have_happened() {
        for code in ["22021", "23505", "25006", "26000", "40001", "40P01", "42601", "42P05", "53300", "55P03", "57014"]
        {
            assert!(is_refusal(&answered(code)), "{code}");
        }
        for code in [
            "08P01", "08006", "08007", "25P04", "40003", "57P01", "57P02", "57P03", "58000", "58030", "XX000", "5",
            "2067", "",
        ] {
            assert!(!is_refusal(&answered(code)), "{code}");
        }
    }

    #[test]
    fn a_failed_commit_is_no_refusal_whatever_it_says() {
        for code in ["08P01", "23505", "40001", "40P01", "XX000"] {
            let failed = of_a_commit(answered(code));
            assert!(!is_refusal(&failed), "{code}");
            assert!(matches!(StoreError::from(failed), StoreError::Unavailable(_)), "{code}");
        }
    }

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        for code in ["57014", "57P01", "57P02", "57P03", "40P01", "53300", "08006", "25006", "5", "517", "13"] {
            assert!(is_passing(code), "{code}");
        }
        for code in ["42601", "22021", "28P01", "28000", "3D000", "1", "19", ""] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
