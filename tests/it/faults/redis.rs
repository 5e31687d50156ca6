//! Redis away, hanging, restarted, full, demoted.

use std::time::{Duration, Instant};

use haechi::config;
use haechi::store::redis::RedisStore;
use haechi::store::{RecordKind, RecordStore, SealedRecord, StoreError, StoreResult, ThrottleStore};
use haechi::support::{Digest, Timestamp};
use tokio::net::TcpListener;

use crate::admin::api::service;
use crate::support::app::TestApp;
use crate::support::gate::Gate;
use crate::support::servers::{self, RedisServer};

const KIND: RecordKind = RecordKind::Session;
const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// Longer than in production: on a busy machine an answer may take a while.
const TIMEOUT: Duration = Duration::from_millis(600);
/// How soon a failure must be told.
const SOON: Duration = Duration::from_secs(1);

async fn store(url: String) -> RedisStore {
    let operation_timeout_ms = u64::try_from(TIMEOUT.as_millis()).unwrap();
    let config = config::redis::RedisConfig { url, operation_timeout_ms, ..Default::default() };
    RedisStore::connect(&config).await.expect("a start does not need Redis")
}

fn record() -> SealedRecord {
    let expires_at = NOW.plus(Duration::from_secs(60));
    SealedRecord { key: Digest::sha256(b"key"), owners: Vec::new(), value: vec![1, 2, 3], expires_at }
}

/// Every verb answers `Unavailable`, soon.
async fn assert_unavailable(store: &RedisStore) {
    let key = record().key;
    let owner = haechi::support::id::UserId::from_bytes([7; 16]);
    told_soon(store.put(KIND, record(), NOW)).await;
    told_soon(store.renew(KIND, record(), NOW)).await;
    told_soon(store.get(KIND, key, NOW)).await;
    told_soon(store.take(KIND, key, NOW)).await;
    told_soon(store.delete(KIND, key)).await;
    told_soon(store.of_owner(KIND, owner, NOW)).await;
    told_soon(store.ping()).await;
    told_soon(store.hit(key, SOON, NOW)).await;
    told_soon(store.count(key, NOW)).await;
    told_soon(store.reset(key)).await;
}

async fn told_soon<T>(operation: impl Future<Output = StoreResult<T>>) {
    let begun = Instant::now();
    let result = operation.await;
    assert!(matches!(result, Err(StoreError::Unavailable(_))));
    assert!(begun.elapsed() < SOON, "told after {:?}", begun.elapsed());
}

#[tokio::test]
async fn redis_that_is_away_at_the_start_is_used_when_it_comes() {
    let Some(mut server) = RedisServer::private() else { return };
    server.stop();
    let store = store(server.url()).await;
    assert_unavailable(&store).await;
    server.start_again();
    store.ping().await.expect("the first operation after the return");
}

/// What passes is all that waits: the node goes on with tokens, and load balancers with the node.
#[tokio::test]
async fn a_node_without_its_redis_is_degraded_and_serves_tokens() {
    let Some(mut server) = RedisServer::private() else { return };
    let url = server.url();
    let house =
        TestApp::with(|config| config.redis = Some(config::redis::RedisConfig { url, ..Default::default() })).await;
    let worker = service(&house, "worker", &[], "").await;
    let secret = worker.secret.as_ref().unwrap().expose();
    let ready = async || {
        house.clock.advance(Duration::from_secs(1));
        let answer = house.get("/readyz").send().await;
        (answer.status.as_u16(), answer.body)
    };
    assert_eq!(ready().await, (200, "ready".to_owned()));
    server.stop();
    let (status, body) = ready().await;
    assert!(status == 200 && body.starts_with("degraded"), "{status} {body}");
    let form = [("grant_type", "client_credentials")];
    house.post("/token").form(&form).basic_with("worker", secret).send().await.tokens();
    server.start_again();
    assert_eq!(ready().await, (200, "ready".to_owned()));
}

#[tokio::test]
async fn redis_that_stopped_is_away_until_it_is_back_and_is_empty_then() {
    let Some(mut server) = RedisServer::private() else { return };
    let store = store(server.url()).await;
    store.put(KIND, record(), NOW).await.unwrap();
    server.stop();
    assert_unavailable(&store).await;
    server.start_again();
    assert_eq!(store.get(KIND, record().key, NOW).await.expect("works at once"), None);
    // The scripts are gone too.
    store.put(KIND, record(), NOW).await.unwrap();
    assert_eq!(store.take(KIND, record().key, NOW).await.unwrap(), Some(record()));
    assert_eq!(store.hit(record().key, SOON, NOW).await.unwrap(), 1);
}

#[tokio::test]
async fn a_restart_between_two_operations_is_not_noticed() {
    let Some(mut server) = RedisServer::private() else { return };
    let store = store(server.url()).await;
    store.ping().await.unwrap();
    server.stop();
    server.start_again();
    store.put(KIND, record(), NOW).await.unwrap();
}

#[tokio::test]
async fn a_redis_that_never_answers_is_away() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let store = store(format!("redis://{}", listener.local_addr().unwrap())).await;
    let accepting = tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok(connection) = listener.accept().await {
            open.push(connection);
        }
    });
    assert_unavailable(&store).await;
    accepting.abort();
}

#[tokio::test]
async fn a_redis_that_stops_answering_is_left_for_a_new_connection() {
    let Some(server) = RedisServer::private() else { return };
    let store = store(server.url()).await;
    store.put(KIND, record(), NOW).await.unwrap();
    server.pause();
    assert_unavailable(&store).await;
    server.resume();
    assert_eq!(store.get(KIND, record().key, NOW).await.unwrap(), Some(record()));
}

#[tokio::test]
async fn what_waits_for_a_hanging_redis_waits_side_by_side() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let store = std::sync::Arc::new(store(format!("redis://{}", listener.local_addr().unwrap())).await);
    let begun = Instant::now();
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.ping().await }
            })
        })
        .collect();
    for one in waiting {
        assert!(matches!(one.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    assert!(begun.elapsed() < 2 * SOON);
}

/// Writes answer `Unavailable`, until `mend` is done.
async fn assert_writes_are_put_off(store: &RedisStore, mend: impl FnOnce()) {
    for _ in 0..3 {
        told_soon(store.put(KIND, record(), NOW)).await;
        told_soon(store.hit(record().key, SOON, NOW)).await;
    }
    mend();
    let begun = Instant::now();
    while let Err(error) = store.put(KIND, record(), NOW).await {
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert!(begun.elapsed() < SOON, "it does not recover");
    }
    store.hit(record().key, SOON, NOW).await.unwrap();
}

#[tokio::test]
async fn f11_a_full_redis_refuses_writes_and_keeps_what_it_has() {
    let Some(server) = RedisServer::private() else { return };
    let store = store(server.url()).await;
    store.put(KIND, record(), NOW).await.unwrap();
    server.tell("CONFIG SET maxmemory 1");
    told_soon(store.put(KIND, record(), NOW)).await;
    assert_eq!(store.get(KIND, record().key, NOW).await.unwrap(), Some(record()), "reads go on");
    assert_writes_are_put_off(&store, || server.tell("CONFIG SET maxmemory 0")).await;
}

#[tokio::test]
async fn f10_a_primary_that_was_demoted_is_left_for_the_one_that_took_over() {
    let (Some(old), Some(new)) = (RedisServer::private(), RedisServer::private()) else { return };
    let gate = Gate::to(old.port()).await;
    let store = store(format!("redis://127.0.0.1:{}/0", gate.port)).await;
    store.put(KIND, record(), NOW).await.unwrap();
    // The old one stays up, and keeps the connections that it has.
    old.tell("REPLICAOF 127.0.0.1 1");
    assert_writes_are_put_off(&store, || gate.aim(new.port())).await;
}

#[tokio::test]
async fn f34_a_redis_that_lets_nobody_in_is_away() {
    let Some(server) = RedisServer::private() else { return };
    server.tell("CONFIG SET maxclients 1");
    let _only = std::net::TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let store = store(server.url()).await;
    assert_unavailable(&store).await;
}

#[tokio::test]
async fn what_is_no_redis_url_stops_the_start() {
    for url in ["", "http://127.0.0.1", "redis://", "rediss://\0"] {
        let config = config::redis::RedisConfig { url: url.to_owned(), ..Default::default() };
        if url != "redis://" {
            assert!(RedisStore::connect(&config).await.is_err(), "{url:?}");
        }
    }
}

#[tokio::test]
async fn an_error_does_not_tell_the_password() {
    let port = servers::free_port();
    let store = store(format!("redis://:s3cret-password@127.0.0.1:{port}/0")).await;
    let error = store.ping().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
}
