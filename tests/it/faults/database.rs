//! A database that goes away or is busy: `Unavailable` while it lasts, and nothing to do afterwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use haechi::config::database::DatabaseConfig;
use haechi::model::Grant;
use haechi::store::sql::SqlStore;
use haechi::store::{Change, Conflict, StoreError, Stores};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use url::Url;

use crate::store::clients::client;
use crate::store::grants::grant;
use crate::store::users::user;
use crate::store::{patient, sqlite_in};
use crate::support::folder::Folder;
use crate::support::gate::Gate;
use crate::support::servers;

async fn open(config: &DatabaseConfig) -> Stores {
    let store = SqlStore::connect(config).await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store).into()
}

/// Tries every kind of way to the database; says whether all went well. An error must be `Unavailable`.
async fn works(stores: &Stores, seed: u32) -> bool {
    let client = client(&format!("client-{seed}"));
    let grant = Grant { user: user(seed).id, client: client.id.clone(), ..grant(seed.into()) };
    let results = [
        stores.work.commit(vec![Change::InsertUser(user(seed)), Change::InsertClient(client.clone())]).await,
        stores.grants.insert(grant.clone()).await,
        stores.grants.find(grant.id).await.map(drop),
        stores.users.find(user(seed).id).await.map(drop),
        stores.housekeeping.ping().await,
    ];
    let committed = results[0].is_ok();
    for result in &results {
        // Without its user and client a grant is refused, which is right.
        let as_expected = match result {
            Ok(()) | Err(StoreError::Unavailable(_)) => true,
            Err(StoreError::Conflict(Conflict::Ended)) => !committed,
            Err(_) => false,
        };
        assert!(as_expected, "{result:?}");
    }
    results.iter().all(Result::is_ok)
}

/// As a restart of the server looks: every connection is cut, and new ones are welcome.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_are_replaced() {
    let Some(url) = servers::postgres_url() else { return };
    let stores = open(&patient(url.clone())).await;
    assert!(works(&stores, 0).await);
    let mut other = PgConnection::connect(&url).await.unwrap();
    for round in 0..3 {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        other.execute(cut).await.unwrap();
        let begun = Instant::now();
        let mut seed = 100 * (round + 1);
        while !works(&stores, seed).await {
            assert!(begun.elapsed() < Duration::from_secs(5), "it does not recover");
            seed += 1;
        }
    }
}

/// A restart is found out on the first statement of a connection, before anything was done: the caller hears nothing of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_finds_its_connection_cut_is_carried_out_on_another() {
    let Some(url) = servers::postgres_url() else { return };
    let stores = open(&DatabaseConfig { max_connections: 1, ..patient(url.clone()) }).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    for seed in 0..3 {
        // Waits until they are gone.
        let cut = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        other.execute(cut).await.unwrap();
        stores.work.commit(vec![Change::InsertUser(user(seed))]).await.unwrap();
    }
}

/// As a machine that vanished looks: nothing is refused, and nothing answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_of_which_nothing_is_heard_is_given_up_in_time() {
    let Some(direct) = servers::postgres_url() else { return };
    let mut url = Url::parse(&direct).unwrap();
    let gate = Gate::to(url.port().unwrap()).await;
    url.set_port(Some(gate.port)).unwrap();
    let timeouts = DatabaseConfig { acquire_timeout_ms: 1000, statement_timeout_ms: 1000, ..DatabaseConfig::default() };
    let stores = open(&DatabaseConfig { url: url.to_string(), ..timeouts }).await;
    // Until the connection is back in its pool, which tries out what comes back, and for a while not what it hands out.
    tokio::time::sleep(Duration::from_millis(500)).await;
    gate.swallow();
    let unit = stores.work.commit(vec![Change::InsertUser(user(0))]);
    let answer = tokio::time::timeout(Duration::from_secs(10), unit).await.expect("it is never answered");
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
}

/// As an outage looks: nobody is let in for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_answered_and_ends_by_itself() {
    let Some(url) = servers::postgres_url() else { return };
    let config = DatabaseConfig { acquire_timeout_ms: 300, ..patient(url.clone()) };
    let stores = open(&config).await;
    let (server, name) = url.rsplit_once('/').unwrap();
    let mut other = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let allow = |allowed: bool| AssertSqlSafe(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"));
    other.execute(allow(false)).await.unwrap();
    let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    other.execute(AssertSqlSafe(cut)).await.unwrap();
    for seed in 0..3 {
        let begun = Instant::now();
        assert!(!works(&stores, seed).await);
        assert!(begun.elapsed() < Duration::from_secs(5), "an answer took {:?}", begun.elapsed());
    }
    other.execute(allow(true)).await.unwrap();
    let begun = Instant::now();
    let mut seed = 100;
    while !works(&stores, seed).await {
        assert!(begun.elapsed() < Duration::from_secs(5), "it does not recover");
        seed += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_sqlite_is_waited_for() {
    let folder = Folder::new();
    let config = sqlite_in(&folder);
    let stores = open(&config).await;
    let mut other = SqliteConnection::connect(&config.url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let waiting = tokio::spawn({
        let stores = stores.clone();
        async move { works(&stores, 1).await }
    });
    assert!(stores.housekeeping.ping().await.is_ok(), "reads do not wait");
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!waiting.is_finished());
    other.execute("COMMIT").await.unwrap();
    assert!(waiting.await.unwrap());
}
