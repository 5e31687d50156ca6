//! Tests of the client cache.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;

use super::*;
use crate::model::api::tests::api;
use crate::model::client::{ClientKind, SeenLogin};
use crate::model::epoch::Epoch;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::store::{ClientOrder, Page, StoreError};
use crate::support::{ManualClock, Timestamp};

#[derive(Default)]
struct Fake {
    client: Mutex<Option<Client>>,
    revision: AtomicU64,
    reads: AtomicUsize,
    api_reads: AtomicUsize,
    origin_reads: AtomicUsize,
    away: std::sync::atomic::AtomicBool,
}

impl Fake {
    fn change(&self, name: &str) {
        let id = ClientId::parse("shop").unwrap();
        let mut client = Client::new(id, name.to_owned(), ClientKind::Web, Timestamp::from_seconds(0));
        let at = format!("https://{name}.example/cb");
        client.redirects.uris = vec![RegisteredRedirectUri::parse(&at, false).unwrap()];
        *self.client.lock().unwrap() = Some(client);
        self.revision.fetch_add(1, Ordering::SeqCst);
    }

    fn check(&self) -> StoreResult<()> {
        let away = self.away.load(Ordering::SeqCst);
        if away { Err(StoreError::Unavailable("away".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl RevisionStore for Fake {
    async fn revision(&self) -> StoreResult<u64> {
        self.check()?;
        Ok(self.revision.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl ClientStore for Fake {
    async fn find(&self, _: &ClientId) -> StoreResult<Option<Client>> {
        self.check()?;
        self.reads.fetch_add(1, Ordering::SeqCst);
        Ok(self.client.lock().unwrap().clone())
    }

    async fn list(&self, _: Option<&ClientId>, _: u32) -> StoreResult<Page<Client>> {
        Ok(Page { items: Vec::new(), more: false })
    }

    async fn search(&self, _: Option<&str>, _: &ClientOrder, _: u32) -> StoreResult<Page<Client>> {
        Ok(Page { items: Vec::new(), more: false })
    }

    async fn with_origin(&self, origin: &str) -> StoreResult<Option<ClientId>> {
        self.check()?;
        self.origin_reads.fetch_add(1, Ordering::SeqCst);
        let client = self.client.lock().unwrap().clone();
        Ok(client.filter(|client| client.allows_origin(origin)).map(|client| client.id))
    }

    async fn note_logins(&self, _: &ClientId, _: Epoch, _: &[SeenLogin]) -> StoreResult<()> {
        Ok(())
    }

    async fn seen_logins(&self, _: &ClientId) -> StoreResult<Vec<SeenLogin>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl ApiStore for Fake {
    async fn all(&self) -> StoreResult<Apis> {
        self.check()?;
        self.api_reads.fetch_add(1, Ordering::SeqCst);
        let declared = self.revision.load(Ordering::SeqCst) > 1;
        Ok(Apis::new(declared.then(|| api("https://api.example"))))
    }
}

fn cache() -> (Arc<Fake>, Arc<ManualClock>, ClientCache) {
    let fake = Arc::new(Fake::default());
    let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(100)));
    fake.change("first");
    let cache = ClientCache::new((fake.clone(), fake.clone()), fake.clone(), clock.clone());
    (fake, clock, cache)
}

async fn name(cache: &ClientCache) -> String {
    cache.find("shop").await.unwrap().unwrap().presentation.name.clone()
}

#[tokio::test]
async fn a_client_is_read_once_until_something_changes() {
    let (fake, _, cache) = cache();
    cache.poll().await.unwrap();
    assert_eq!((name(&cache).await, name(&cache).await), ("first".to_owned(), "first".to_owned()));
    assert_eq!(fake.reads.load(Ordering::SeqCst), 1);
    fake.change("second");
    cache.poll().await.unwrap();
    assert_eq!(name(&cache).await, "second");
}

#[tokio::test]
async fn a_node_that_cannot_see_the_revision_asks_the_store() {
    let (fake, clock, cache) = cache();
    cache.poll().await.unwrap();
    name(&cache).await;
    fake.change("second");
    clock.advance(Duration::from_secs(6));
    assert_eq!(name(&cache).await, "second");
    fake.away.store(true, Ordering::SeqCst);
    assert!(cache.find("shop").await.is_err());
}

#[tokio::test]
async fn what_was_read_before_a_change_does_not_outlive_it() {
    let (fake, _, cache) = cache();
    cache.poll().await.unwrap();
    let stale = Arc::new(fake.client.lock().unwrap().clone().unwrap());
    let epoch = cache.epoch.load(Ordering::SeqCst);
    fake.change("second");
    cache.poll().await.unwrap();
    cache.clients.insert(stale.id.clone(), Remembered(epoch, Some(stale)));
    assert_eq!(name(&cache).await, "second");
}

#[tokio::test]
async fn dos_020_each_origin_is_looked_up_once_and_made_up_ones_take_nothing_from_those_of_clients() {
    let (fake, _, cache) = cache();
    cache.poll().await.unwrap();
    let looked_up = || fake.origin_reads.load(Ordering::SeqCst);
    assert!(cache.any_allows_origin("https://first.example").await.unwrap());
    for _ in 0..2 {
        for number in 0..1000 {
            assert!(!cache.any_allows_origin(&format!("https://evil{number}.example")).await.unwrap());
        }
    }
    assert_eq!(looked_up(), 1001);
    for number in 0..3 * CAPACITY {
        cache.any_allows_origin(&format!("https://more{number}.example")).await.unwrap();
    }
    let before = looked_up();
    assert!(cache.any_allows_origin("https://first.example").await.unwrap());
    assert!(!cache.any_allows_origin(&format!("https://{}.example", "x".repeat(300))).await.unwrap());
    assert_eq!(looked_up(), before);
    assert!(cache.nobodys.len() <= CAPACITY);
}

#[tokio::test]
async fn dos_020_an_origin_that_is_known_is_not_looked_up_again_because_some_client_changed() {
    let (fake, clock, cache) = cache();
    cache.poll().await.unwrap();
    assert!(cache.any_allows_origin("https://first.example").await.unwrap());
    assert!(!cache.any_allows_origin("https://second.example").await.unwrap());
    fake.revision.fetch_add(1, Ordering::SeqCst);
    cache.poll().await.unwrap();
    assert!(cache.any_allows_origin("https://first.example").await.unwrap());
    assert_eq!(fake.origin_reads.load(Ordering::SeqCst), 2, "another client changed");
    fake.change("second");
    cache.poll().await.unwrap();
    assert!(!cache.any_allows_origin("https://first.example").await.unwrap(), "this one did");
    assert!(cache.any_allows_origin("https://second.example").await.unwrap());
    clock.advance(Duration::from_secs(6));
    fake.change("third");
    assert!(!cache.any_allows_origin("https://second.example").await.unwrap(), "though nobody said so");
    assert!(cache.any_allows_origin("https://third.example").await.unwrap());
    fake.away.store(true, Ordering::SeqCst);
    assert!(cache.any_allows_origin("https://third.example").await.is_err());
}

#[tokio::test]
async fn what_is_no_client_id_is_nobody() {
    let (fake, _, cache) = cache();
    assert!(cache.find("no such id!").await.unwrap().is_none());
    assert_eq!(fake.reads.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn apis_are_read_once_until_something_changes_or_what_is_known_cannot_be_trusted() {
    let (fake, clock, cache) = cache();
    cache.poll().await.unwrap();
    assert!(cache.apis().await.unwrap().is_empty() && cache.apis().await.unwrap().is_empty());
    assert_eq!(fake.api_reads.load(Ordering::SeqCst), 1);
    fake.change("second");
    cache.poll().await.unwrap();
    assert!(cache.apis().await.unwrap().named("https://api.example/").is_some());
    clock.advance(Duration::from_secs(6));
    cache.apis().await.unwrap();
    assert_eq!(fake.api_reads.load(Ordering::SeqCst), 3);
    fake.away.store(true, Ordering::SeqCst);
    assert!(cache.apis().await.is_err());
}
