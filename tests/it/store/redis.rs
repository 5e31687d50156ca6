//! What only Redis has to show: its keys, and the way to it.

use std::collections::BTreeMap;
use std::time::Duration;

use haechi::config;
use haechi::store::redis::RedisStore;
use haechi::store::{RecordKind, RecordStore, SealedRecord, ThrottleStore};
use haechi::support::Digest;
use haechi::support::id::UserId;

use super::NOW;
use crate::support::folder::Folder;
use crate::support::servers::{self, RedisServer};

fn record(owners: &[UserId], minutes: u64) -> SealedRecord {
    let expires_at = NOW.plus(Duration::from_mins(minutes));
    let key = Digest::sha256(&minutes.to_be_bytes());
    SealedRecord { key, owners: owners.to_vec(), value: vec![1], expires_at }
}

/// Every key that begins with the prefix, with its time to live in milliseconds.
async fn lives(config: &config::redis::RedisConfig) -> BTreeMap<String, i64> {
    let client = redis::Client::open(config.url.as_str()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let pattern = format!("{}*", config.key_prefix);
    let keys: Vec<String> = redis::cmd("KEYS").arg(pattern).query_async(&mut connection).await.unwrap();
    let mut lives = BTreeMap::new();
    for key in keys {
        let life = redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
        lives.insert(key[config.key_prefix.len()..].to_owned(), life);
    }
    lives
}

#[tokio::test]
async fn every_key_has_a_time_to_live() {
    let Some(config) = servers::redis() else { return };
    let store = RedisStore::connect(&config).await.unwrap();
    let owner = UserId::from_bytes([7; 16]);
    // The longer one first: the index must not adopt the life of the record that was put last.
    for record in [record(&[owner], 60), record(&[owner], 10)] {
        store.put(RecordKind::Session, record, NOW).await.unwrap();
    }
    store.hit(Digest::sha256(b"counter"), Duration::from_mins(1), NOW).await.unwrap();
    let lives = lives(&config).await;
    assert_eq!(lives.len(), 4, "{lives:?}");
    assert!(lives.values().all(|life| (1..=3_600_000).contains(life)), "{lives:?}");
    let index = lives["{session}o:07070707070707070707070707070707"];
    assert!(index > 3_500_000, "{index}");
}

#[tokio::test]
async fn nothing_is_left_of_what_was_taken() {
    let Some(config) = servers::redis() else { return };
    let store = RedisStore::connect(&config).await.unwrap();
    let owners = [UserId::from_bytes([7; 16]), UserId::from_bytes([8; 16])];
    for minutes in [10, 20] {
        store.put(RecordKind::Session, record(&owners, minutes), NOW).await.unwrap();
    }
    store.take(RecordKind::Session, record(&owners, 10).key, NOW).await.unwrap().unwrap();
    store.delete(RecordKind::Session, record(&owners, 20).key).await.unwrap();
    assert_eq!(lives(&config).await, BTreeMap::new());
}

#[tokio::test]
async fn key_005_tls_is_spoken_to_a_server_that_the_authorities_vouch_for_and_to_no_other() {
    let folder = Folder::new();
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = folder.write("tls.crt", certified.cert.pem());
    let key = folder.write("tls.key", certified.signing_key.serialize_pem());
    let Some(server) = RedisServer::private_with_tls(&certificate, &key) else { return };

    let mut config = config::redis::RedisConfig {
        url: server.url(),
        authorities: Some(certificate),
        operation_timeout_ms: 5000,
        ..Default::default()
    };
    RedisStore::connect(&config).await.unwrap().ping().await.expect("the authorities vouch for it");
    // Not under another name than the one that is vouched for, and not without TLS.
    let other_name =
        config::redis::RedisConfig { url: server.url().replace("localhost", "127.0.0.1"), ..config.clone() };
    assert!(RedisStore::connect(&other_name).await.unwrap().ping().await.is_err());
    config.authorities = None;
    assert!(RedisStore::connect(&config).await.unwrap().ping().await.is_err());
}
