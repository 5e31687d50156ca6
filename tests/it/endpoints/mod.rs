//! How the endpoints of the token side behave besides what the specifications say: without their stores, and how much they ask of them.

mod journey;
mod refusals;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use haechi::model::client::{Client, ClientId, SeenLogin};
use haechi::model::consent::Consent;
use haechi::model::epoch::Epoch;
use haechi::protocol::scope::ScopeSet;
use haechi::store::{Change, ClientOrder, ClientStore, Housekeeping, Page, RevisionStore, StoreError, StoreResult};
use haechi::support::Timestamp;

use crate::support::app::TestApp;
use crate::support::furnished::Furnished;

/// A store of clients that counts, and that can be switched off.
struct Watched {
    clients: Arc<dyn ClientStore>,
    revisions: Arc<dyn RevisionStore>,
    reads: AtomicUsize,
    away: AtomicBool,
}

impl Watched {
    fn check(&self) -> StoreResult<()> {
        let away = self.away.load(Ordering::SeqCst);
        if away { Err(StoreError::Unavailable("switched off".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl ClientStore for Watched {
    async fn find(&self, id: &ClientId) -> StoreResult<Option<Client>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        self.clients.find(id).await
    }

    async fn list(&self, after: Option<&ClientId>, limit: u32) -> StoreResult<Page<Client>> {
        self.clients.list(after, limit).await
    }

    async fn search(&self, text: Option<&str>, order: &ClientOrder, limit: u32) -> StoreResult<Page<Client>> {
        self.clients.search(text, order, limit).await
    }

    async fn with_origin(&self, origin: &str) -> StoreResult<Option<ClientId>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        self.clients.with_origin(origin).await
    }

    async fn note_logins(&self, id: &ClientId, epoch: Epoch, logins: &[SeenLogin]) -> StoreResult<()> {
        self.clients.note_logins(id, epoch, logins).await
    }

    async fn seen_logins(&self, id: &ClientId) -> StoreResult<Vec<SeenLogin>> {
        self.clients.seen_logins(id).await
    }
}

#[async_trait]
impl RevisionStore for Watched {
    async fn revision(&self) -> StoreResult<u64> {
        self.check()?;
        self.revisions.revision().await
    }
}

#[async_trait]
impl Housekeeping for Watched {
    async fn purge(&self, _: Timestamp) -> StoreResult<u64> {
        Ok(0)
    }

    async fn oldest_expired(&self, _: Timestamp) -> StoreResult<Option<Timestamp>> {
        Ok(None)
    }

    async fn ping(&self) -> StoreResult<()> {
        self.check()
    }

    async fn prove_writable(&self, _: Timestamp) -> StoreResult<()> {
        self.check()
    }
}

async fn watched(house: &Furnished) -> (Arc<Watched>, axum::Router) {
    let (watched, app) = watched_app(house).await;
    (watched, haechi::http::router(&haechi::http::AppState::new(app)))
}

async fn watched_app(house: &Furnished) -> (Arc<Watched>, Arc<haechi::app::App>) {
    let watched = Arc::new(Watched {
        clients: house.app.stores.clients.clone(),
        revisions: house.app.stores.revision.clone(),
        reads: AtomicUsize::new(0),
        away: AtomicBool::new(false),
    });
    let node = house
        .node_app(|stores| {
            stores.clients = watched.clone();
            stores.revision = watched.clone();
            stores.housekeeping = watched.clone();
        })
        .await;
    (watched, node)
}

const CREDENTIALS: [(&str, &str); 1] = [("grant_type", "client_credentials")];

#[tokio::test]
async fn client_credentials_read_the_client_once() {
    let house = TestApp::furnished().await;
    let (watched, node) = watched(&house).await;
    for _ in 0..20 {
        house.post("/token").basic("worker").form(&CREDENTIALS).to(&node).send().await.tokens();
    }
    assert_eq!(watched.reads.load(Ordering::SeqCst), 1);
}

/// What people do leaves alone what each node remembers of clients; a change of a client is seen by all of them.
#[tokio::test]
async fn what_people_do_empties_no_cache_of_clients() {
    let house = TestApp::furnished().await;
    let (here, there) = (watched_app(&house).await, watched_app(&house).await);
    let scope = async || {
        for (_, node) in [&here, &there] {
            node.clients.poll().await.unwrap();
            node.clients.find("worker").await.unwrap().unwrap();
        }
        [&here, &there].map(|(watched, _)| watched.reads.load(Ordering::SeqCst))
    };
    assert_eq!(scope().await, [1, 1]);
    let kim = house.sign_up("kim@example.com").await;
    assert_eq!(scope().await, [1, 1], "a sign-up");
    let client = ClientId::parse("web").unwrap();
    let consent = Consent { user: kim.id, client, scope: ScopeSet::default(), granted_at: house.now() };
    house.app.stores.work.commit(vec![Change::PutConsent(consent)]).await.unwrap();
    assert_eq!(scope().await, [1, 1], "a consent");
    let kim = house.app.stores.users.find(kim.id).await.unwrap().unwrap();
    house.app.stores.work.commit(vec![Change::UpdateUser(kim)]).await.unwrap();
    assert_eq!(scope().await, [1, 1], "a change of the profile");
    house.change_client("web", |web| web.presentation.name = "Other".to_owned()).await;
    assert_eq!(scope().await, [2, 2], "a change of a client");
}

#[tokio::test]
async fn client_credentials_go_on_for_a_while_without_the_database_and_then_say_so() {
    let house = TestApp::furnished().await;
    let (watched, node) = watched(&house).await;
    let ask = async || house.post("/token").basic("worker").form(&CREDENTIALS).to(&node).send().await;
    ask().await.tokens();
    watched.away.store(true, Ordering::SeqCst);
    ask().await.tokens();
    house.pass(6);
    let refused = ask().await;
    assert_eq!(refused.error(503), "temporarily_unavailable");
    assert_eq!(refused.header("retry-after"), Some("1"));
    watched.away.store(false, Ordering::SeqCst);
    ask().await.tokens();
}

/// Documents that every page may read are asked for by anybody, as often as they like, with whatever origin they like.
#[tokio::test]
async fn dos_020_a_made_up_origin_is_looked_up_once() {
    let house = TestApp::furnished().await;
    let (watched, node) = watched(&house).await;
    let asked =
        async |method, path, origin: String| house.call(method, path).header("origin", &origin).to(&node).send().await;
    for n in 0..50 {
        let evil = format!("https://evil{n}.example");
        for (method, path) in [("GET", "/jwks"), ("GET", "/.well-known/openid-configuration"), ("OPTIONS", "/token")] {
            let answer = asked(method, path, evil.clone()).await;
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{method} {path}");
        }
    }
    let good = asked("GET", "/jwks", "https://web.example".to_owned()).await;
    assert_eq!(good.header("access-control-allow-origin"), Some("https://web.example"));
    assert_eq!(watched.reads.load(Ordering::SeqCst), 51, "each once, whatever is asked with it");
    for n in 0..50 {
        asked("OPTIONS", "/token", format!("https://evil{n}.example")).await;
    }
    assert_eq!(watched.reads.load(Ordering::SeqCst), 51);
}

#[tokio::test]
async fn readiness_follows_the_stores_and_life_does_not() {
    let house = TestApp::furnished().await;
    let (watched, node) = watched(&house).await;
    let status = async |path: &'static str| house.get(path).to(&node).send().await.status.as_u16();
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
    watched.away.store(true, Ordering::SeqCst);
    house.pass(1);
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    watched.away.store(false, Ordering::SeqCst);
    house.pass(1);
    assert_eq!(status("/readyz").await, 200);
}

#[tokio::test]
async fn a_disabled_client_stops_at_once_on_every_node() {
    let house = TestApp::furnished().await;
    let (_, node) = watched(&house).await;
    let token = house.post("/token").basic("worker").form(&CREDENTIALS).to(&node).send().await.tokens().access_token;
    house.change_client("worker", |worker| worker.enabled = false).await;
    let asked = house.post("/introspect").basic("api").form(&[("token", &token)]).send().await;
    assert_eq!(asked.expect(200)["active"], false);
    // The other node learns of it when it looks, which it does four times a second.
    house.pass(6);
    let refused = house.post("/token").basic("worker").form(&CREDENTIALS).to(&node).send().await;
    assert_eq!(refused.error(401), "invalid_client");
}
