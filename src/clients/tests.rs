//! Tests of the client cache.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;

use super::*;
use crate::model::api::tests::api;
use crate::model::client::{ClientKind, SeenLogin};
use crate::model::epoch::Epoch;
use crate::store::{Page, StoreError};
use crate::support::{ManualClock, Timestamp};

#[derive(Default)]
struct Fake {
    client: Mutex<Option<Client>>,
    revision: AtomicU64,
    reads: AtomicUsize,
    api_reads: AtomicUsize,
    away: std::sync::atomic::AtomicBool,
}

impl Fake {
    fn change(&self, name: &str) {
        let id = ClientId::parse("shop").unwrap();
        let client = Client::new(id, name.to_owned(), ClientKind::Web, Timestamp::from_seconds(0));
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

    async fn known_by(&self, _: &str, _: Option<&ClientId>, _: u32) -> StoreResult<Page<Client>> {
        Ok(Page { items: Vec::new(), more: false })
    }

    async fn origins(&self) -> StoreResult<BTreeSet<String>> {
        self.check()?;
        self.reads.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Ok(BTreeSet::from(["https://shop.example".to_owned()]))
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
async fn dos_020_origins_are_read_once_however_many_are_made_up() {
    let (fake, clock, cache) = cache();
    cache.poll().await.unwrap();
    let made_up: Vec<String> = (0..1000).map(|n| format!("https://evil{n}.example")).collect();
    let allowed = futures_util::future::join_all(made_up.iter().map(|origin| cache.any_allows_origin(origin))).await;
    assert!(allowed.into_iter().all(|allowed| !allowed.unwrap()));
    assert!(cache.any_allows_origin("https://shop.example").await.unwrap());
    assert_eq!(fake.reads.load(Ordering::SeqCst), 1);
    fake.change("second");
    cache.poll().await.unwrap();
    assert!(cache.any_allows_origin("https://shop.example").await.unwrap());
    assert_eq!(fake.reads.load(Ordering::SeqCst), 2, "a change is noticed");
    clock.advance(Duration::from_secs(6));
    assert!(cache.any_allows_origin("https://shop.example").await.unwrap());
    assert_eq!(fake.reads.load(Ordering::SeqCst), 3, "what cannot be known to count is not remembered");
    fake.away.store(true, Ordering::SeqCst);
    assert!(cache.any_allows_origin("https://shop.example").await.is_err());
}

#[tokio::test]
async fn dos_020_who_gives_up_waiting_for_the_origins_does_not_have_them_read_again() {
    let (fake, _, cache) = cache();
    cache.poll().await.unwrap();
    for _ in 0..3 {
        let given_up = futures_util::FutureExt::now_or_never(cache.any_allows_origin("https://shop.example"));
        assert!(given_up.is_none());
    }
    assert!(cache.any_allows_origin("https://shop.example").await.unwrap());
    assert_eq!(fake.reads.load(Ordering::SeqCst), 1);
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
