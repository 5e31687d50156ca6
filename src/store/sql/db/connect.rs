//! Opening the database.
//!
//! Owns how each backend's connections are set up. Statements and their parameters are never logged: they hold digests, addresses and
//! sealed keys.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions, Connection, PgConnection, Row, SqlitePool, raw_sql};
use sea_orm::{SqlxError, SqlxPostgresConnector, SqlxSqliteConnector};

use url::Url;

use super::database::Database;
use super::error::{POOLED, is_of_a_pooler, is_passing};
use crate::config::database::{DatabaseConfig, PoolMode};
use crate::store::{StoreError, StoreResult};

/// How long a PostgreSQL connection may idle before it is tried out: one that a restart or a firewall cut is then noticed.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);
/// What PostgreSQL's planner may do on the connections of the queue and of shared look-ups: their statements find rows by their
/// keys, and a plan that was made while a table was small, which reads all of it, must not outlive that. What is switched off counts as dear,
/// and PostgreSQL compiles dear statements: that would take seconds for one row.
const BY_KEY: [(&str, &str); 5] = [
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];
/// How long SQLite itself waits for another process that writes; the caller that needs the file tries again until its own deadline.
const BUSY: Duration = Duration::from_millis(250);
/// How long a start waits for another process that brings the schema up to date.
const BUSY_AT_START: Duration = Duration::from_secs(10);
/// How long a connection may take to be ready for the next who needs it.
const TIDIED_WITHIN: Duration = Duration::from_secs(1);

/// Makes the connection of one worker, and another where that one is lost.
pub(crate) type Connect = Box<dyn Fn() -> Database + Send + Sync>;

/// The connections of a store.
pub(crate) struct Connections {
    pub(crate) read: Database,
    pub(crate) write: Database,
    /// One for each worker of the queue.
    pub(crate) queue: Vec<Connect>,
    /// One for each worker that looks rows up.
    pub(crate) lookups: Vec<Connect>,
}

/// Opens what the URL names.
pub(crate) async fn open(config: &DatabaseConfig) -> StoreResult<Connections> {
    if config.is_sqlite() {
        sqlite(config).await.map_err(|error| StoreError::Unavailable(unopened(&error)))
    } else if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") {
        let options = options(&config.url).map_err(|error| StoreError::Misconfigured(unopened(&error)))?;
        let by_socket = is_by_socket(&options);
        postgres(config, options).await.map_err(|error| {
            let why = unopened(&error);
            if may_pass(&error, by_socket) { StoreError::Unavailable(why) } else { StoreError::Misconfigured(why) }
        })
    } else {
        Err(StoreError::Misconfigured("database.url must begin with sqlite: or postgres:".to_owned()))
    }
}

fn unopened(error: &SqlxError) -> String {
    let why = if is_of_a_pooler(error) { POOLED } else { "" };
    format!("the database cannot be opened: {error}{why}")
}

/// Whether a PostgreSQL that cannot be connected to may answer later with the same settings: it is not reached, or says itself that this passes. A certificate
/// that does not convince comes as an I/O error, of data that is not valid; so does a file of the settings, which is missing where a socket would be.
fn may_pass(error: &SqlxError, by_socket: bool) -> bool {
    match error {
        SqlxError::Io(error) => match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::PermissionDenied => false,
            ErrorKind::NotFound => by_socket,
            _ => true,
        },
        // Something in the way that has nobody behind it: it answers, and hangs up.
        SqlxError::PoolTimedOut | SqlxError::Protocol(_) => true,
        SqlxError::Database(said) => !is_of_a_pooler(error) && said.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

async fn sqlite(config: &DatabaseConfig) -> Result<Connections, SqlxError> {
    if config.url.contains(":memory:") || config.url.contains("mode=memory") {
        // Each connection would see a database of its own, and those that share one fail each other's reads.
        return Err(SqlxError::Configuration("SQLite needs a file: sqlite:PATH".into()));
    }
    let options = SqliteConnectOptions::from_str(&config.url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What SQLite's planner may do is what PostgreSQL's may on the connections of the queue: find rows by the indexes that there are. One that it made for
        // a statement would let it begin with the whole of a table.
        .pragma("automatic_index", "off")
        .statement_cache_capacity(200)
        .disable_statement_logging();
    make_private(options.get_filename())?;
    let pool = |most| {
        SqlitePoolOptions::new()
            .max_connections(most)
            .acquire_timeout(config.acquire_timeout())
            .test_before_acquire(false)
            .max_lifetime(None)
            .idle_timeout(None)
            // What is said of a connection that is still in another caller's transaction would be part of that, and committed with it or never.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
    };
    let own = |options: &SqliteConnectOptions| -> Connect {
        let (one, options) = (pool(1), options.clone());
        Box::new(move || {
            let pool = one.clone().connect_lazy_with(options.clone());
            Database::own(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
        })
    };
    let at_start = options.clone().busy_timeout(BUSY_AT_START);
    let write = pool(1).acquire_timeout(BUSY_AT_START).idle_timeout(BUSY_AT_START).connect_with(at_start).await?;
    let reading = options.clone().busy_timeout(config.acquire_timeout()).pragma("query_only", "on");
    let lookups = (0..config.lookup_connections).map(|_| own(&reading)).collect();
    let read: SqlitePool = pool(config.max_connections.max(1)).connect_lazy_with(reading);
    Ok(Connections {
        read: Database::own(SqlxSqliteConnector::from_sqlx_sqlite_pool(read)),
        write: Database::own(SqlxSqliteConnector::from_sqlx_sqlite_pool(write)),
        queue: vec![own(&options.busy_timeout(BUSY))],
        lookups,
    })
}

/// Makes the file so that only its owner can read it. SQLite gives its companions the same permissions.
fn make_private(file: &std::path::Path) -> Result<(), SqlxError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(SqlxError::Io(error)),
        _ => Ok(()),
    }
}

/// A database on another machine is spoken to over TLS, and only where it proves its name, unless the URL says otherwise in so many words.
/// The library's default would take any certificate, and go on in the clear with a server that has none.
fn encrypted(options: PgConnectOptions, url: &str) -> PgConnectOptions {
    let says = |name: &str| matches!(name, "sslmode" | "ssl-mode");
    let said = Url::parse(url).is_ok_and(|url| url.query_pairs().any(|(name, _)| says(&name)));
    let host = options.get_host().trim_matches(['[', ']']);
    let here = is_by_socket(&options)
        || host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    if said || here { options } else { options.ssl_mode(PgSslMode::VerifyFull) }
}

fn is_by_socket(options: &PgConnectOptions) -> bool {
    options.get_socket().is_some() || options.get_host().starts_with('/')
}

fn options(url: &str) -> Result<PgConnectOptions, SqlxError> {
    Ok(encrypted(PgConnectOptions::from_str(url)?, url).application_name("haechi").disable_statement_logging())
}

async fn postgres(config: &DatabaseConfig, options: PgConnectOptions) -> Result<Connections, SqlxError> {
    let limits = [
        ("statement_timeout", config.statement_timeout().as_millis().to_string()),
        ("lock_timeout", config.lock_timeout().as_millis().to_string()),
    ];
    let limits = || limits.iter().map(|(name, value)| (*name, value.as_str()));
    let lent = config.pool_mode == PoolMode::Transaction;
    // A pooler refuses to begin a session with settings that it does not know, this library's own default among them.
    let options = if lent {
        options.extra_float_digits(None).statement_cache_capacity(0)
    } else {
        options.options(limits()).statement_cache_capacity(200)
    };
    let pool = || {
        PgPoolOptions::new()
            .acquire_timeout(config.acquire_timeout())
            .test_before_acquire(false)
            .before_acquire(|connection, state| {
                Box::pin(async move { Ok(state.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok()) })
            })
            .after_connect(|connection, _| Box::pin(refuse_standby(connection)))
    };
    // A pool would hide why it cannot connect behind a timeout.
    let patience = config.acquire_timeout();
    let probe = tokio::time::timeout(patience, PgConnection::connect_with(&options)).await;
    let mut probe = probe.map_err(|_| SqlxError::PoolTimedOut)??;
    refuse_standby(&mut probe).await?;
    if !lent {
        refuse_other_limits(&mut probe, config).await?;
    }
    probe.close().await?;
    // A statement that was given up leaves a connection on which the answer is still to come, and the library would wait for it.
    let tidied = pool().after_release(|connection, _| {
        Box::pin(async move {
            let answers = tokio::time::timeout(TIDIED_WITHIN, connection.ping()).await;
            Ok(matches!(answers, Ok(Ok(()))) && !connection.is_in_transaction())
        })
    });
    let shared = tidied.max_connections(config.max_connections.max(1)).connect_with(options.clone()).await?;
    let shared = SqlxPostgresConnector::from_sqlx_postgres_pool(shared);
    let shared = if lent { Database::lent(shared, limits()) } else { Database::own(shared) };
    let own = |_| -> Connect {
        let one = pool().max_connections(1);
        let options = if lent { options.clone() } else { options.clone().options(BY_KEY) };
        let settings: Vec<_> =
            limits().chain(BY_KEY).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Box::new(move || {
            let pool = one.clone().connect_lazy_with(options.clone());
            let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            if lent {
                Database::lent(connection, settings.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            } else {
                Database::own(connection)
            }
        })
    };
    Ok(Connections {
        read: shared.clone(),
        write: shared,
        queue: (0..config.commit_connections).map(own).collect(),
        lookups: (0..config.lookup_connections).map(own).collect(),
    })
}

/// A standby only reads. While a failover lasts the address may still lead to one, and a connection to it would stay of no use after.
async fn refuse_standby(connection: &mut PgConnection) -> Result<(), SqlxError> {
    match said(connection, "SHOW transaction_read_only").await?.as_str() {
        "off" => Ok(()),
        _ => Err(SqlxError::Io(std::io::Error::new(ErrorKind::ReadOnlyFilesystem, "it only reads"))),
    }
}

/// A pooler can be told to pass settings of a session over (`ignore_startup_parameters`): statements would have no limits, and the names of
/// prepared ones clash now and then.
async fn refuse_other_limits(connection: &mut PgConnection, config: &DatabaseConfig) -> Result<(), SqlxError> {
    let limit = said(connection, "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'").await?;
    if limit == config.statement_timeout().as_millis().to_string() {
        return Ok(());
    }
    let why = format!("it has a statement_timeout of {limit} ms and not the one that it was given{POOLED}");
    Err(SqlxError::Configuration(why.into()))
}

/// The one value that PostgreSQL answers, by the simple protocol, for which no statement is prepared: a pooler may stand in between.
async fn said(connection: &mut PgConnection, sql: &'static str) -> Result<String, SqlxError> {
    raw_sql(sql).fetch_one(connection).await?.try_get(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verifies(url: &str) -> bool {
        let options = encrypted(PgConnectOptions::from_str(url).unwrap(), url);
        matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
    }

    #[test]
    fn a_database_that_is_not_reached_is_told_from_settings_that_are_wrong() {
        let io = |kind: ErrorKind| SqlxError::Io(std::io::Error::from(kind));
        for kind in [
            ErrorKind::ConnectionRefused,
            ErrorKind::ConnectionReset,
            ErrorKind::HostUnreachable,
            ErrorKind::NetworkUnreachable,
            ErrorKind::TimedOut,
            ErrorKind::UnexpectedEof,
            // As a name that is not found comes.
            ErrorKind::Other,
            ErrorKind::ReadOnlyFilesystem,
        ] {
            assert!(may_pass(&io(kind), false), "{kind}");
        }
        // As rustls says that a certificate is of another name.
        assert!(!may_pass(&io(ErrorKind::InvalidData), false));
        assert!(!may_pass(&io(ErrorKind::NotFound), false) && may_pass(&io(ErrorKind::NotFound), true));
        assert!(may_pass(&SqlxError::PoolTimedOut, false));
        for wrong in [SqlxError::Tls("no TLS".into()), SqlxError::Configuration("no URL".into())] {
            assert!(!may_pass(&wrong, false), "{wrong}");
        }
    }

    #[test]
    fn a_database_elsewhere_proves_its_name_unless_the_url_says_otherwise() {
        for url in ["postgres://h:p@db.internal/h", "postgres://h@10.0.0.7/h", "postgres://h@localhost.evil.example/h"]
        {
            assert!(verifies(url), "{url}");
            assert!(verifies(&format!("{url}?sslrootcert=/etc/ca.pem")), "{url}");
            assert!(
                !verifies(&format!("{url}?sslmode=disable")) && !verifies(&format!("{url}?sslmode=require")),
                "{url}"
            );
        }
        for url in [
            "postgres://h@localhost/h",
            "postgres://h@127.0.0.1/h",
            "postgres://h@[::1]/h",
            "postgres://h@%2Frun%2Fpg/h",
        ] {
            assert!(!verifies(url), "{url}");
        }
    }
}
