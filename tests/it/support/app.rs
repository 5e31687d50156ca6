//! The whole house, as production puts it together, on stores of the test's own.
//!
//! On a SQLite file; on PostgreSQL and Redis when `HAECHI_TEST_BACKEND` is `postgres-redis`. Time stands still until a test moves it.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use axum::Router;
use haechi::admin::Authority;
use haechi::admin::users::{self, UserResource};
use haechi::app::{self, App, Beginning, World};
use haechi::config::Config;
use haechi::http::AppState;
use haechi::http::console_cookie;
use haechi::http::csrf::{self, DrawnFor};
use haechi::http::server::{Options, Phase, serve};
use haechi::model::audit_event::{AuditEvent, AuditKind};
use haechi::model::client::{ClientKind, ConsentPolicy};
use haechi::model::{Client, ClientId, Consent, User};
use haechi::outgoing::{Lookup, SystemLookup};
use haechi::protocol::ScopeSet;
use haechi::protocol::redirect_uri::RegisteredRedirectUri;
use haechi::store::redis::RedisStore;
use haechi::store::sql::SqlStore;
use haechi::store::{Change, DatabaseClock, StoreResult, Stores};
use haechi::support::{Clock, ManualClock, SeededRandom, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::between::Between;
use super::browser::Browser;
use super::folder::Folder;
use super::{builders, keys, schema, servers};

/// The issuer of tests that need no socket.
pub const ISSUER: &str = "https://id.example";
/// A password that the rules accept.
pub const PASSWORD: &str = "tall bridge over quiet water";
/// Where the clients of tests are answered.
pub const CALLBACK: &str = "https://app.example/cb";

/// The house under test. What is below HTTP can be reached as in an [`App`]: `house.accounts`, `house.stores`.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    pub router: Router,
    folder: Option<Folder>,
    /// Kept: the server ends with it.
    serving: Option<watch::Sender<Phase>>,
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// A house with the usual configuration.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A house whose configuration is changed first.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::reaching(Arc::new(SystemLookup), change).await
    }

    /// A house for which the names of other hosts are looked up by `lookup`.
    pub async fn reaching(lookup: Arc<dyn Lookup>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        ISSUER.clone_into(&mut config.server.issuer);
        // The key that `keys::kek` is, so that the tests' signing keys open.
        config.keys.key_encryption_key = Some("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned());
        config.accounts.argon2_memory_kib = 64;
        config.accounts.argon2_passes = 1;
        config.accounts.hashing_threads = Some(1);
        // Tests sign administrators in many times; the tests of second factors ask for the default.
        config.accounts.administrators_second_factor = haechi::model::policy::FactorPolicy::Offered;
        // Generous, as hashing one at a time is: what waits in a test of a race is not turned away.
        config.accounts.hashing_queue = 1000;
        // Likewise, what guesses cost: the tests of guessing ask for the defaults.
        config.throttling.password_failures_everywhere = 1_000_000;
        config.throttling.password_failures_per_network = 1_000_000;
        config.throttling.guesses_before_work = 1_000_000;
        change(&mut config);
        let (mut stores, folder) = stores(&mut config).await;
        let clock = Arc::new(ManualClock::new(keys::START));
        stores.clock = Arc::new(ClockOfDatabase(clock.clone()));
        stores.signing_keys.replace(0, keys::usual_records().await, vec![]).await.unwrap();
        Self::on(config, stores, clock, lookup, folder).await
    }

    /// The same server after a restart with a changed configuration.
    pub async fn restarted(self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.app.config.as_ref().clone();
        change(&mut config);
        Self::on(config, self.app.stores.clone(), self.clock, Arc::new(SystemLookup), self.folder).await
    }

    /// The same server with some of its stores replaced.
    pub async fn restocked(self, change: impl FnOnce(&mut Stores)) -> Self {
        let (config, mut stores) = (self.app.config.as_ref().clone(), self.app.stores.clone());
        change(&mut stores);
        Self::on(config, stores, self.clock, Arc::new(SystemLookup), self.folder).await
    }

    /// The same over real HTTP on a free port, as [`App::issuer`](App) says.
    pub async fn served() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut app = Self::with(|config| config.server.issuer = format!("http://{address}")).await;
        let (phase, watched) = watch::channel(Phase::Serving);
        tokio::spawn(serve(
            listener,
            app.router.clone(),
            Options::from_config(&app.app.config.server).unwrap(),
            watched,
        ));
        app.serving = Some(phase);
        app
    }

    /// Another node on the same stores.
    pub async fn second_node(&self) -> Self {
        self.second_node_with(|_| ()).await
    }

    /// Another node on the same stores, whose configuration is changed first.
    pub async fn second_node_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let (mut config, stores) = (self.app.config.as_ref().clone(), self.app.stores.clone());
        change(&mut config);
        Self::on(config, stores, self.clock.clone(), Arc::new(SystemLookup), None).await
    }

    /// Another node on the same stores, with something between them and it, which reaches others by `lookup`.
    pub async fn node_with(&self, between: &Between, lookup: Arc<dyn Lookup>) -> Self {
        let (config, stores) = (self.app.config.as_ref().clone(), between.around(&self.app.stores));
        Self::on(config, stores, self.clock.clone(), lookup, None).await
    }

    async fn on(
        config: Config,
        stores: Stores,
        clock: Arc<ManualClock>,
        lookup: Arc<dyn Lookup>,
        folder: Option<Folder>,
    ) -> Self {
        let world = World {
            beginning: Beginning::Allowed,
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(seed())),
            lookup,
        };
        let app = app::assemble(Arc::new(config), stores, world).await.unwrap();
        let router = haechi::http::router(&AppState::new(app.clone()));
        Self { app, clock, router, folder, serving: None }
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        self.app.issuer.as_str()
    }

    /// Registers an app of the operator's own: people are not asked.
    pub async fn first_party(&self, id: &str) -> Client {
        self.client(id, |client| client.policy.consent = ConsentPolicy::FirstParty).await
    }

    /// Registers a public browser app that may ask for everything, and is answered at [`CALLBACK`].
    pub async fn client(&self, id: &str, change: impl FnOnce(&mut Client)) -> Client {
        let mut client = builders::client(id, ClientKind::Browser, keys::START);
        "Test App".clone_into(&mut client.presentation.name);
        client.redirects.uris = vec![redirect_uri(CALLBACK)];
        client.policy.scopes = ScopeSet::parse("openid profile email address phone offline_access").unwrap();
        change(&mut client);
        self.commit(vec![Change::InsertClient(client.clone())]).await;
        client
    }

    /// Makes an account that signs in with [`PASSWORD`].
    pub async fn user(&self, email: &str) -> User {
        let new = serde_json::json!({ "email": email, "name": "Test Person", "password": PASSWORD });
        let new: UserResource = serde_json::from_value(new).unwrap();
        users::create(&self.app.admin, &Authority::operator(), new).await.unwrap()
    }

    /// The account of an address, as it is now.
    pub async fn user_of(&self, email: &str) -> User {
        let email = haechi::model::user::EmailAddress::parse(email).unwrap();
        self.app.stores.users.find_by_email(&email).await.unwrap().unwrap()
    }

    /// Changes the stores, as administrators and other nodes do.
    pub async fn commit(&self, changes: Vec<Change>) {
        self.app.stores.work.commit(changes).await.unwrap();
    }

    /// Remembers that a person agreed.
    pub async fn consented(&self, user: &User, client: &str, scope: &str) {
        let client = ClientId::parse(client).unwrap();
        let scope = ScopeSet::parse(scope).unwrap();
        self.commit(vec![Change::PutConsent(Consent { user: user.id, client, scope, granted_at: keys::START })]).await;
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), self.issuer())
    }

    /// A browser in which a person is signed in, without the pages.
    pub async fn signed_in(&self, user: &User) -> Browser {
        let mut browser = self.browser();
        self.sign_in(&mut browser, user).await;
        browser
    }

    /// Signs a person in to a browser, without the pages.
    pub async fn sign_in(&self, browser: &mut Browser, user: &User) {
        browser.ensure_cookie().await;
        let (_, secret) =
            self.app.flow.sessions.sign_in(&browser.visitor(), user, haechi::sessions::Means::Password).await.unwrap();
        browser.set_cookie(browser.session_cookie_name(), &secret.expose());
        browser.set_cookie(browser.console_cookie_name(), &console_cookie::value(&self.app, &secret));
    }

    /// The hidden token of a form that acts for the account in use in a browser.
    pub async fn csrf(&self, browser: &Browser, path: &str) -> String {
        let visitor = browser.visitor();
        let session = self.app.flow.sessions.load(visitor.session.as_ref()).await.unwrap();
        let here = haechi::http::extract::Browser { secret: visitor.browser, known: true };
        csrf::token(&self.app, &here, DrawnFor::current(session.current()), path)
    }

    /// Exchanges a code of a public client for tokens.
    pub async fn redeem(&self, client: &str, code: &str) -> serde_json::Value {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", super::ask::VERIFIER),
        ];
        let page = self.browser().post_once("/token", &fields).await;
        serde_json::from_str(&page.body).unwrap()
    }

    /// The ID token that a code of a public client leads to, and its claims.
    pub async fn id_token(&self, client: &str, code: &str) -> (String, serde_json::Value) {
        let tokens = self.redeem(client, code).await;
        let token = tokens["id_token"].as_str().unwrap_or_else(|| panic!("no ID token: {tokens}")).to_owned();
        let (_, claims) = super::furnished::open(&token);
        (token, serde_json::to_value(claims).unwrap())
    }

    /// Signs a person in to an app silently, as a browser that was here before does.
    pub async fn id_token_in(&self, browser: &mut Browser, client: &str) -> (String, serde_json::Value) {
        let answer = browser.get(&super::ask::Ask::of(client).url()).await.answer();
        self.id_token(client, &answer["code"]).await
    }

    /// The audit entries of a kind, the newest first.
    pub async fn audit(&self, kind: AuditKind) -> Vec<AuditEvent> {
        let page = self.app.stores.audit.list(None, 100).await.unwrap();
        page.items.into_iter().filter(|event| event.kind == kind).collect()
    }
}

/// The database's clock, as a test sets it.
struct ClockOfDatabase(Arc<ManualClock>);

#[async_trait]
impl DatabaseClock for ClockOfDatabase {
    async fn shows(&self) -> StoreResult<Timestamp> {
        Ok(self.0.now())
    }
}

/// A registered redirect URI.
pub fn redirect_uri(text: &str) -> RegisteredRedirectUri {
    RegisteredRedirectUri::parse(text, true).unwrap()
}

/// The address that requests of in-process browsers come from.
pub const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 10)), 40_000);

/// Two houses with the same chance would draw the same secrets.
fn seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(1_000_000);
    SEED.fetch_add(1, Ordering::Relaxed)
}

/// Empty stores of the chosen backend, whose address goes into the configuration. A SQLite file lives as long as its folder.
pub async fn stores(config: &mut Config) -> (Stores, Option<Folder>) {
    let outside = std::env::var_os("HAECHI_TEST_BACKEND").is_some_and(|backend| backend == "postgres-redis");
    // A test may bring a database of its own.
    if config.database.url != Config::default().database.url {
        return (opened(config).await, None);
    }
    let postgres = if outside { schema::postgres() } else { None };
    let folder = if postgres.is_none() { Some(Folder::new()) } else { None };
    config.database.url = postgres.unwrap_or_else(|| schema::sqlite(folder.as_ref().unwrap()));
    // Generous: the machine is busy with other tests.
    config.database.acquire_timeout_ms = 30_000;
    config.database.statement_timeout_ms = 30_000;
    config.database.max_connections = 3;
    // And so a Redis.
    if outside && config.redis.is_none() {
        config.redis = servers::redis();
    }
    (opened(config).await, folder)
}

async fn opened(config: &Config) -> Stores {
    let sql = SqlStore::connect(&config.database).await.unwrap();
    sql.migrate().await.unwrap();
    let mut stores = Stores::from(Arc::new(sql));
    if let Some(redis) = &config.redis {
        let redis = Arc::new(RedisStore::connect(redis).await.unwrap());
        stores.records = redis.clone();
        stores.throttles = redis;
    }
    stores
}
