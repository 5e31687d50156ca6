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
    use super::*;

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
