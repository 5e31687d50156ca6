//! The store conformance suite: what every backend of a trait does, whichever it is.

use std::sync::Arc;

use haechi::config::database::{DatabaseConfig, PoolMode};
use haechi::store::redis::RedisStore;
use haechi::store::sql::SqlStore;
use haechi::support::Timestamp;

use crate::support::folder::Folder;
use crate::support::{schema, servers};

mod affiliations;
pub mod apis;
mod attributes;
pub mod audit;
mod audit_chain;
mod claim_rules;
mod client_order;
pub mod clients;
mod counts;
mod delegations;
mod ends;
pub mod exchange;
mod factors;
mod golden;
pub mod grants;
pub mod housekeeping;
mod invited;
mod logos;
mod many;
mod marks;
mod migrations;
mod origins;
mod partitions;
mod passkeys;
mod plans;
mod policy;
mod pooler;
mod records;
#[path = "redis.rs"]
mod redis_only;
mod refusals;
mod server;
mod shared_rows;
mod signing_keys;
mod spent_values;
mod throttles;
pub mod units;
mod upstream;
mod user_search;
pub mod users;

/// The present of these tests, as whole milliseconds that no clock shows.
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_123);

/// A fresh Redis store; `None` where there is no Redis.
pub async fn redis() -> Option<(Arc<RedisStore>, ())> {
    let config = servers::redis()?;
    Some((Arc::new(RedisStore::connect(&config).await.unwrap()), ()))
}

/// A fresh SQLite store, and the folder that holds it.
pub async fn sqlite() -> Option<(Arc<SqlStore>, Folder)> {
    let folder = Folder::new();
    let store = SqlStore::connect(&patient(schema::sqlite(&folder))).await.unwrap();
    Some((Arc::new(store), folder))
}

/// A fresh PostgreSQL store; `None` where there is no PostgreSQL.
pub async fn postgres() -> Option<(Arc<SqlStore>, ())> {
    let store = SqlStore::connect(&patient(schema::postgres()?)).await.unwrap();
    Some((Arc::new(store), ()))
}

/// As [`postgres`], behind a PgBouncer that lends connections for a transaction at a time; `None` where one of the two is missing.
pub async fn pooled() -> Option<(Arc<SqlStore>, ())> {
    let config = DatabaseConfig { pool_mode: PoolMode::Transaction, ..patient(servers::pooled_url()?) };
    let store = SqlStore::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    Some((Arc::new(store), ()))
}

/// The configuration of a SQLite database in a folder.
pub fn sqlite_in(folder: &Folder) -> DatabaseConfig {
    patient(format!("sqlite:{}", folder.path().join("haechi.db").display()))
}

/// Generous timeouts: the machine is busy with other tests, and only the fault tests are about time.
pub fn patient(url: String) -> DatabaseConfig {
    DatabaseConfig { url, acquire_timeout_ms: 30_000, statement_timeout_ms: 30_000, ..DatabaseConfig::default() }
}

/// Makes each case a test on each backend. `$store` is the `Arc` of a store that nobody else uses.
macro_rules! on_every_backend {
    ($store:ident: $trait:ident; $(async fn $case:ident() $body:block)*) => {
        $(async fn $case($store: Arc<dyn $trait>) $body)*

        on_every_backend!(@backend sqlite: $($case)*);
        on_every_backend!(@backend postgres: $($case)*);
        on_every_backend!(@backend pooled: $($case)*);
        on_every_backend!(@backend redis: $($case)*);
    };
    (@backend $backend:ident: $($case:ident)*) => {
        mod $backend {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some((store, _kept)) = crate::store::$backend().await {
                        super::$case(store).await;
                    }
                }
            )*
        }
    };
}
use on_every_backend;

/// As [`on_every_backend`], for what only SQL databases hold. `$stores` are the traits of one.
macro_rules! on_every_database {
    ($stores:ident; $(async fn $case:ident() $body:block)*) => {
        $(async fn $case($stores: haechi::store::Stores) $body)*

        on_every_database!(@backend sqlite: $($case)*);
        on_every_database!(@backend postgres: $($case)*);
        on_every_database!(@backend pooled: $($case)*);
    };
    (@backend $backend:ident: $($case:ident)*) => {
        mod $backend {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some((store, _kept)) = crate::store::$backend().await {
                        super::$case(store.into()).await;
                    }
                }
            )*
        }
    };
}
use on_every_database;
