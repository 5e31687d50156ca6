//! PostgreSQL behind a pooler that lends connections for a transaction at a time. That every trait behaves as ever there is in the conformance
//! suite (`pooled`); here is what an operator meets who has not said that there is one, and that limits hold all the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use haechi::config::database::{DatabaseConfig, PoolMode};
use haechi::model::user::EmailAddress;
use haechi::store::sql::SqlStore;
use haechi::store::{StoreError, Stores};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{Connection, PgConnection, raw_sql};

use super::patient;
use crate::support::servers::{self, Pooler};

/// What the error names.
const MENDED_BY: &str = "set database.pool_mode = \"transaction\"";

#[tokio::test]
async fn a_pooler_that_refuses_our_settings_is_named_with_what_mends_it() {
    let Some(url) = servers::pooled_url() else { return };
    let error = SqlStore::connect(&patient(url)).await.unwrap_err().to_string();
    assert!(error.contains("startup parameter") && error.contains(MENDED_BY), "{error}");
}

#[tokio::test]
async fn a_pooler_that_passes_our_limits_over_is_found_at_the_start() {
    let Some((url, _pooler)) = ignoring() else { return };
    let error = SqlStore::connect(&patient(url)).await.unwrap_err().to_string();
    assert!(error.contains("statement_timeout of 0 ms") && error.contains(MENDED_BY), "{error}");
}

fn minji() -> EmailAddress {
    EmailAddress::parse("minji@example.com").unwrap()
}

/// As people set PgBouncer who want clients to start that do not know of it.
fn ignoring() -> Option<(String, Pooler)> {
    servers::pooled_url_with(&["ignore_startup_parameters = extra_float_digits, options"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_take_turns_with_the_same_few_connections() {
    let Some(url) = servers::pooled_url() else { return };
    let config = DatabaseConfig { pool_mode: PoolMode::Transaction, ..patient(url) };
    let mut nodes = Vec::new();
    for _ in 0..2 {
        let store = SqlStore::connect(&config).await.unwrap();
        store.migrate().await.unwrap();
        nodes.push(Stores::from(Arc::new(store)));
    }
    let asked = (0..200).map(|at| {
        let node = nodes[at % 2].clone();
        async move { node.users.find_by_email(&minji()).await.map(|user| user.is_none()) }
    });
    for answer in futures_util::future::join_all(asked).await {
        assert!(answer.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_behind_a_pooler_has_its_limit() {
    let Some(url) = servers::pooled_url() else { return };
    let config = DatabaseConfig { pool_mode: PoolMode::Transaction, ..patient(url.clone()) };
    SqlStore::connect(&config).await.unwrap().migrate().await.unwrap();
    // Through the same pooler, somebody holds a table.
    let options: PgConnectOptions = url.parse().unwrap();
    let mut holder = PgConnection::connect_with(&options.extra_float_digits(None)).await.unwrap();
    raw_sql("BEGIN; LOCK TABLE users").execute(&mut holder).await.unwrap();
    let hurried = DatabaseConfig { acquire_timeout_ms: 500, statement_timeout_ms: 300, ..config };
    let store = Stores::from(Arc::new(SqlStore::connect(&hurried).await.unwrap()));
    let begun = Instant::now();
    let answer = store.users.find_by_email(&minji()).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
}
