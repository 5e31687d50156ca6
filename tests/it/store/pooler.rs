//! PostgreSQL behind a pooler that lends connections for a transaction at a time. That every trait behaves as ever there is in the conformance
//! suite (`pooled`); here is what an operator meets who has not said that there is one, and that limits hold all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use haechi::config::database::{DatabaseConfig, PoolMode};
use haechi::model::user::EmailAddress;
use haechi::store::sql::SqlStore;
use haechi::store::{Change, StoreError, StoreResult, Stores};
use haechi::support::Digest;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{Connection, PgConnection, Row, raw_sql};

use super::clients::client;
use super::{NOW, patient};
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

/// A store behind a PgBouncer, whose schema is up to date.
async fn behind(url: String) -> Stores {
    let config = DatabaseConfig { pool_mode: PoolMode::Transaction, acquire_timeout_ms: 3000, ..patient(url) };
    let store = SqlStore::connect(&config).await.unwrap();
    store.migrate().await.unwrap();
    Stores::from(Arc::new(store))
}

/// Another client of the same pooler, in a transaction of its own.
async fn another(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().unwrap();
    let mut other = PgConnection::connect_with(&options.extra_float_digits(None)).await.unwrap();
    raw_sql("BEGIN").execute(&mut other).await.unwrap();
    other
}

async fn told(other: &mut PgConnection, sql: &'static str) -> String {
    raw_sql(sql).fetch_one(other).await.unwrap().try_get(0).unwrap()
}

/// What a unit of work that one worker committed was answered, by the ids of the two clients that it made.
type Committed = ([String; 2], StoreResult<()>);

/// Makes two clients at a time, and counts, until it is told to stop. Answers what it was told, and how many counts were confirmed and how many not.
async fn work(stores: Stores, worker: usize, over: Arc<AtomicBool>) -> (Vec<Committed>, [u32; 2]) {
    let (mut committed, mut counted) = (Vec::new(), [0, 0]);
    for round in 0.. {
        if over.load(Ordering::SeqCst) {
            break;
        }
        let ids = ["a", "b"].map(|half| format!("w{worker}-{round}-{half}"));
        let changes = ids.iter().map(|id| Change::InsertClient(client(id))).collect();
        committed.push((ids, stores.work.commit(changes).await));
        let hit = stores.throttles.hit(counter(worker), Duration::from_hours(1), NOW).await;
        counted[usize::from(hit.is_err())] += 1;
    }
    (committed, counted)
}

fn counter(worker: usize) -> Digest {
    Digest::of("pooler test", &worker.to_be_bytes())
}

/// What was confirmed is there, once, and what was not confirmed is there as a whole or not at all. Were a transaction that was cut off sent again behind
/// its caller's back, it would be told that its own row is taken, or count twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooler_that_dies_amid_transactions_loses_and_doubles_nothing() {
    let Some((url, mut pooler)) = servers::pooled_url_with(&[]) else { return };
    let stores = behind(url).await;
    let over = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..8).map(|worker| tokio::spawn(work(stores.clone(), worker, over.clone()))).collect();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        tokio::task::block_in_place(|| {
            pooler.stop();
            pooler.start_again();
        });
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    over.store(true, Ordering::SeqCst);
    let (mut confirmed, mut cut_off) = (0, 0);
    for (worker, done) in futures_util::future::join_all(workers).await.into_iter().enumerate() {
        let (committed, [counted, maybe]) = done.unwrap();
        for (ids, answer) in committed {
            let mut there = Vec::new();
            for id in &ids {
                there.push(stores.clients.find(&client(id).id).await.unwrap().is_some());
            }
            match answer {
                Ok(()) => assert_eq!(there, [true, true], "{ids:?} was confirmed"),
                Err(StoreError::Unavailable(_)) => assert_eq!(there[0], there[1], "{ids:?} is one unit"),
                Err(other) => panic!("{ids:?} was made once and told {other:?}"),
            }
            *(if answer.is_ok() { &mut confirmed } else { &mut cut_off }) += 1;
        }
        let count = stores.throttles.count(counter(worker), NOW).await.unwrap();
        assert!((counted..=counted + maybe).contains(&count), "{count} of {counted} and perhaps {maybe} more");
    }
    assert!(confirmed > 0, "{confirmed} were confirmed and {cut_off} were not");
}

/// Callers give up in the middle of statements all the time. None of them keeps one of the few connections, and no setting or lock of ours goes over to
/// whoever is lent the connection next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_ours_stays_with_a_connection_that_is_given_back() {
    let Some((url, _pooler)) = servers::pooled_url_with(&[]) else { return };
    let stores = behind(url.clone()).await;
    let minji = minji();
    for round in 0..60_u64 {
        let asked = stores.users.find_by_email(&minji);
        let _ = tokio::time::timeout(Duration::from_micros(100 * (round % 20)), asked).await;
        let made = vec![Change::InsertClient(client(&format!("c{round}")))];
        let _ = tokio::time::timeout(Duration::from_micros(150 * (round % 20)), stores.work.commit(made)).await;
    }
    stores.users.find_by_email(&minji).await.unwrap();
    // Both connections that there are.
    let mut others = [another(&url).await, another(&url).await];
    for other in &mut others {
        assert_eq!(told(other, "SHOW statement_timeout").await, "0");
        assert_eq!(told(other, "SHOW lock_timeout").await, "0");
        assert_eq!(
            told(other, "SHOW jit").await,
            told(other, "SELECT boot_val FROM pg_settings WHERE name = 'jit'").await
        );
        assert_eq!(told(other, "SHOW enable_seqscan").await, "on");
        assert_eq!(told(other, "SHOW plan_cache_mode").await, "auto");
        let locks = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND database = \
                     (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(told(other, locks).await, "0");
    }
    drop(others);
    stores.users.find_by_email(&minji).await.unwrap();
}
