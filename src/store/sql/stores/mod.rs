//! The store behind every trait, one file an aggregate.
//!
//! Owns which way a question or a write goes: to the pool, to the shared look-ups, to the queue. Leaves the rest to the floors below.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbBackend};
use tokio::time::timeout;

use super::commit::queue::Queue;
use super::commit::transaction::{self, Writer};
use super::db::database::Database;
use super::db::deadline::{DeadlineConnection, Deadlines, SILENT};
use super::db::mark_file::MarkFile;
use super::db::{connect, migrate};
use super::lookups::Lookups;
use super::statements;
use super::statements::write::Mergeable;
use super::statements::{client_search, origin};
use crate::config::database::DatabaseConfig;
use crate::store::{StoreError, StoreResult, Stores};

mod affiliations;
mod apis;
mod attributes;
mod audit;
mod claim_rules;
mod clients;
mod clock;
mod connections;
mod consents;
mod counts;
mod delegations;
mod factors;
mod filling;
mod grants;
mod housekeeping;
mod logos;
mod mails;
mod marks;
mod passkeys;
mod policy;
mod refusals;
mod revision;
mod sealed_records;
mod server;
mod signing_keys;
mod spent_values;
mod throttles;
mod units;
mod upstream_links;
mod users;
mod webhooks;

use marks::Marks;

/// Every store, on one SQL database.
#[derive(Debug)]
pub struct SqlStore {
    /// The pool of connections that reads take.
    read: DeadlineConnection,
    /// Where writes go that do not wait in the queue: on SQLite, migrations and filling only.
    write: Database,
    queue: Queue,
    lookups: Lookups,
    deadlines: Deadlines,
    marks: Marks,
}

impl SqlStore {
    /// Opens the database. A SQLite file that is not there is made; a PostgreSQL that is away is an error.
    pub async fn connect(config: &DatabaseConfig) -> StoreResult<Self> {
        let connections = connect::open(config).await?;
        let deadlines = Deadlines::of(config);
        let read = DeadlineConnection::new(connections.read, deadlines.read);
        let file = config.file().map(|database| Arc::new(MarkFile::beside(&database)));
        let queue = Queue::start(connections.queue, deadlines, file.as_ref());
        let lookups = Lookups::start(connections.lookups, deadlines.read);
        let marks = file.map_or_else(Marks::default, Marks::File);
        Ok(Self { read, write: connections.write, queue, lookups, deadlines, marks })
    }

    /// Brings the schema up to date, and writes down what only the house can read out of documents. Nodes that start together wait for each other.
    pub async fn migrate(&self) -> StoreResult<()> {
        migrate::up(&self.write).await?;
        while self.write(origin::WriteMissing).await? {}
        while self.write(client_search::WriteMissing).await? {}
        Ok(())
    }

    /// The steps of the schema in order, and whether each is applied.
    pub async fn migrations(&self) -> StoreResult<Vec<(String, bool)>> {
        migrate::status(&self.read).await
    }

    /// How many connections PostgreSQL takes from programs that are no superusers; `None` of a file.
    pub async fn connections(&self) -> StoreResult<Option<u32>> {
        statements::server::connections(&self.read).await
    }

    /// Takes the whole schema back, and everything in it.
    pub async fn unmigrate(&self) -> StoreResult<()> {
        migrate::down(&self.write).await
    }

    /// Carries a write out, and answers once it is committed.
    async fn write<W: Mergeable>(&self, write: W) -> StoreResult<W::Output> {
        if self.is_sqlite() || write.key().is_some() {
            return self.queue.run(write).await;
        }
        let done = timeout(self.deadlines.write(), transaction::alone(Writer::of(&self.write), &write)).await;
        done.map_err(|_| StoreError::Unavailable(SILENT.to_owned()))?.map_err(StoreError::from)
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
            attributes: store.clone(),
            affiliations: store.clone(),
            apis: store.clone(),
            claim_rules: store.clone(),
            clients: store.clone(),
            connections: store.clone(),
            policy: store.clone(),
            upstream_links: store.clone(),
            passkeys: store.clone(),
            consents: store.clone(),
            grants: store.clone(),
            revoked_tokens: store.clone(),
            signing_keys: store.clone(),
            replays: store.clone(),
            one_time_tokens: store.clone(),
            audit: store.clone(),
            counts: store.clone(),
            delegations: store.clone(),
            factors: store.clone(),
            filler: store.clone(),
            refusals: store.clone(),
            webhooks: store.clone(),
            logos: store.clone(),
            mails: store.clone(),
            housekeeping: store.clone(),
            server: store.clone(),
            marks: store.clone(),
            records: store.clone(),
            throttles: store.clone(),
            clock: store,
        }
    }
}
