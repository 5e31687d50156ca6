//! Lasting state in SQLite or PostgreSQL; passing state too, where no Redis is configured.
//!
//! Owns connections, the schema's tables and every statement. Leaves what the values mean to the layers above.
//!
//! Reads go to a pool; concurrent look-ups of grants and sign-ins share a statement (see [`lookup`]). Hot writes (grants, codes, refresh
//! tokens, records) wait in a [`queue`], whose worker commits what is queued as one transaction and answers each caller afterwards. On
//! SQLite every write goes that way, as there is one writing connection. Nobody waits longer than a [`deadline`] for a PostgreSQL that
//! says nothing.
//!
//! # Text and NUL
//!
//! PostgreSQL's `TEXT` cannot hold U+0000. None arrives there: ids, addresses, scopes, challenges and redirect URIs are types without
//! control characters, documents are JSON, which escapes it, and what is derived from free text (`name_key`, a search) drops it.
//!
//! # How much it holds
//!
//! With their index entries, on SQLite (PostgreSQL: half as much again): a grant about 900 bytes, of which 350 are its terms; a session
//! with one account about 700 bytes, 45 more for each owner; a pending authorization about 1.2 KB; a used assertion id or a revoked token
//! 90 bytes; a throttling counter 100 bytes; an ended sign-in 60 bytes; an audit event 350 bytes. So a million live sessions, each with
//! one grant that can be refreshed, take about 1.6 GB. Everything but the audit log expires and is deleted by
//! [`Housekeeping::purge`](super::Housekeeping::purge).

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, Value};

use self::deadline::Hurried;
use self::lookup::Lookups;
use self::queue::Queue;
use super::{StoreResult, Stores};
use crate::config::database::Database;
use crate::support::Timestamp;

mod audit;
mod client;
mod connect;
mod connection;
mod consent;
mod deadline;
mod entity;
mod error;
mod grant;
mod housekeeping;
mod lookup;
mod migrate;
mod one_time_token;
mod queue;
mod record;
mod rows;
mod server;
mod signing_key;
mod spent_value;
mod throttle;
mod unit_of_work;
mod upstream_link;
mod user;
mod write;

/// The SQL store.
#[derive(Debug)]
pub struct SqlStore {
    /// Where reads go.
    read: Hurried,
    /// Where writes go that do not wait in the queue. On SQLite only the queue's worker may use it, and migrations.
    write: DatabaseConnection,
    queue: Queue,
    lookups: Lookups,
    /// How long a transaction outside the queue may take.
    deadline: Option<Duration>,
}

impl SqlStore {
    /// Opens the database. A SQLite file that is not there is made; a PostgreSQL that is away is an error.
    pub async fn connect(config: &Database) -> StoreResult<Self> {
        let connections = connect::open(config).await?;
        let remote = connections.write.get_database_backend() != DbBackend::Sqlite;
        let statement = remote.then(|| deadline::of_statement(config));
        let deadline = remote.then(|| deadline::of_transaction(config));
        let read = Hurried::new(connections.read, statement);
        let queue = Queue::start(connections.queue, config, deadline);
        let lookups = Lookups::start(connections.lookups, statement);
        Ok(Self { read, write: connections.write, queue, lookups, deadline })
    }

    /// Brings the schema up to date. Nodes that start together wait for each other.
    pub async fn migrate(&self) -> StoreResult<()> {
        migrate::up(&self.write).await
    }

    /// The steps of the schema in order, and whether each is applied.
    pub async fn migrations(&self) -> StoreResult<Vec<(String, bool)>> {
        migrate::status(&self.read).await
    }

    /// The database's own time.
    pub async fn now(&self) -> StoreResult<Timestamp> {
        let sql = if self.is_sqlite() {
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS now"
        } else {
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now"
        };
        let row = query_one(&self.read, sql, Vec::new()).await?;
        let millis = row.map(|row| row.try_get::<i64>("", "now")).transpose()?;
        Ok(Timestamp::from_millis(millis.unwrap_or_default()))
    }

    /// Takes the whole schema back, and everything in it.
    pub async fn unmigrate(&self) -> StoreResult<()> {
        migrate::down(&self.write).await
    }

    fn is_sqlite(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Sqlite
    }
}

impl From<Arc<SqlStore>> for Stores {
    /// The store behind every trait.
    fn from(store: Arc<SqlStore>) -> Self {
        Self {
            work: store.clone(),
            revision: store.clone(),
            users: store.clone(),
            clients: store.clone(),
            connections: store.clone(),
            upstream_links: store.clone(),
            consents: store.clone(),
            grants: store.clone(),
            revoked_tokens: store.clone(),
            signing_keys: store.clone(),
            replays: store.clone(),
            audit: store.clone(),
            housekeeping: store.clone(),
            records: store.clone(),
            throttles: store,
        }
    }
}

/// Runs one statement and says how many rows it changed. Parameters are written `$1`, which both backends read.
async fn execute<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

async fn query_one<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, DbErr> {
    db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}
