//! A house with clients and a person in it, for tests of the token side: codes are put straight into the store, as nobody needs to sign
//! in to have one redeemed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use haechi::app::{self, App, World};
use haechi::http::AppState;
use haechi::http::server::Peer;
use haechi::model::Consent;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{Client, ClientAuthentication, ClientId, ClientKeys, ClientKind, ClientSecret};
use haechi::model::grant::{Grant, Ticket};
use haechi::model::user::User;
use haechi::outgoing::SystemLookup;
use haechi::protocol::ScopeSet;
use haechi::protocol::grant_type::GrantType;
use haechi::protocol::pkce::CodeChallenge;
use haechi::protocol::redirect_uri::RegisteredRedirectUri;
use haechi::protocol::resource::Resource;
use haechi::store::{Change, Stores};
use haechi::support::{Digest, ManualClock, SystemRandom, Timestamp};
use haechi::tokens::code::Code;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::app::TestApp;
use super::builders;
use super::jose::Party;

pub use super::app::ISSUER;
pub const REDIRECT: &str = "https://web.example/cb";
pub const SECRET: &str = "hcs_secret-of-everybody";
pub const API: &str = "https://api.example";
/// The example of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The house. Its clients: `web` (Basic), `posting` (secret in the form), `spa` and `spa2` (public), `worker` (for itself), `signer`
/// (signed assertions, [`House::party`]), `api` (serves [`API`]), `evil` (Basic, nobody's friend).
pub struct House {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    pub party: Party,
    pub alice: User,
    router: Router,
    pub ground: TestApp,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A house whose configuration differs.
    pub async fn with(configure: impl FnOnce(&mut haechi::config::Config)) -> Self {
        let ground = TestApp::with(configure).await;
        let (app, clock) = (ground.app.clone(), ground.clock.clone());
        let party = Party::new("ES256");
        let alice = alice(&app);
        let mut changes: Vec<Change> =
            clients(&party, clock_now(&clock)).into_iter().map(Change::InsertClient).collect();
        changes.push(Change::InsertUser(alice.clone()));
        app.stores.work.commit(changes).await.unwrap();
        app.clients.poll().await.unwrap();
        let router = ground.router.clone();
        Self { app, clock, party, alice, router, ground }
    }

    pub fn now(&self) -> Timestamp {
        clock_now(&self.clock)
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Commits changes, and lets this node notice.
    pub async fn commit(&self, changes: Vec<Change>) {
        self.app.stores.work.commit(changes).await.unwrap();
        self.app.clients.poll().await.unwrap();
    }

    /// Changes a client.
    pub async fn change_client(&self, id: &str, change: impl FnOnce(&mut Client)) {
        let id = ClientId::parse(id).unwrap();
        let mut client = self.app.stores.clients.find(&id).await.unwrap().unwrap();
        change(&mut client);
        self.commit(vec![Change::UpdateClient(client)]).await;
    }

    /// Changes the person.
    pub async fn change_alice(&self, change: impl FnOnce(&mut User)) {
        let mut alice = self.app.stores.users.find(self.alice.id).await.unwrap().unwrap();
        change(&mut alice);
        self.commit(vec![Change::UpdateUser(alice)]).await;
    }

    /// Another node on the same stores, some of which may be replaced.
    pub async fn node(&self, change: impl FnOnce(&mut Stores)) -> Router {
        let mut stores = self.app.stores.clone();
        change(&mut stores);
        let (config, clock) = (self.app.config.clone(), self.clock.clone());
        let world = World { clock, random: Arc::new(SystemRandom::new()), lookup: Arc::new(SystemLookup) };
        let app = app::assemble(config, stores, world).await.unwrap();
        app.clients.poll().await.unwrap();
        haechi::http::router(&AppState::new(app.clone()))
    }

    /// A request that is yet to be sent.
    pub fn call(&self, method: &'static str, path: &str) -> Call {
        let request = Request::builder().method(method).uri(path);
        let peer = ([192, 0, 2, 1], 1).into();
        Call { router: self.router.clone(), request, headers: HeaderMap::new(), body: String::new(), peer }
    }

    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// What alice granted to a client.
    pub fn granting(&self, client: &str, scope: &str) -> Grant {
        let now = self.now();
        let mut grant = builders::grant(self.alice.id, client, scope, now, self.app.random.as_ref());
        grant.terms.nonce = Some("n-0S6_WzA2Mj".to_owned());
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).ok();
        let expires_at = now.plus(Duration::from_mins(1));
        grant.ticket = Some(Ticket::code(Digest::of("code", b""), Some(REDIRECT.to_owned()), challenge, expires_at));
        grant.expires_at = now.plus(Duration::from_mins(10));
        grant
    }

    /// Stores a grant with a consent behind it; answers its code.
    pub async fn store(&self, mut grant: Grant) -> String {
        let (code, text) = Code::draw(grant.id, self.app.random.as_ref());
        grant.ticket.as_mut().unwrap().digest = code.digest;
        grant.epochs.user = self.app.stores.users.find(grant.user).await.unwrap().unwrap().epoch;
        grant.epochs.client = self.app.stores.clients.find(&grant.client).await.unwrap().unwrap().epoch;
        let consent = Consent {
            user: grant.user,
            client: grant.client.clone(),
            scope: grant.terms.scope.clone(),
            granted_at: grant.created_at,
        };
        self.commit(vec![Change::PutConsent(consent)]).await;
        self.app.stores.grants.insert(grant).await.unwrap();
        text
    }

    /// A code that alice granted to a client.
    pub async fn code(&self, client: &str, scope: &str) -> String {
        self.store(self.granting(client, scope)).await
    }

    /// The honest request for a code's tokens.
    pub fn redeeming(&self, code: &str) -> Call {
        let form = [("grant_type", "authorization_code"), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        self.post("/token").form(&form).form(&[("code", code)])
    }

    pub fn refreshing(&self, refresh_token: &str) -> Call {
        self.post("/token").form(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
    }

    /// The tokens of a fresh grant to `web`.
    pub async fn tokens(&self, scope: &str) -> TokenSet {
        let code = self.code("web", scope).await;
        self.redeeming(&code).basic("web").send().await.tokens()
    }

    pub async fn is_active(&self, token: &str) -> bool {
        let answer = self.post("/introspect").basic("web").form(&[("token", token)]).send().await;
        answer.expect(200)["active"].as_bool().unwrap()
    }

    /// How often something is in the audit log.
    pub async fn audited(&self, kind: AuditKind) -> usize {
        self.app.stores.audit.list(None, 200).await.unwrap().items.iter().filter(|event| event.kind == kind).count()
    }
}

fn clock_now(clock: &ManualClock) -> Timestamp {
    haechi::support::Clock::now(clock)
}

fn alice(app: &App) -> User {
    let now = app.clock.now();
    let profile = serde_json::json!({
        "name": "Alice Kim", "given_name": "Alice", "family_name": "Kim", "phone_number": "+82 2 312 3456",
        "phone_number_verified": true, "address": { "country": "KR" }, "name#ko": "김앨리스",
    });
    User {
        profile: serde_json::from_value(profile).unwrap(),
        locale: Some("ko".to_owned()),
        not_before: Timestamp::from_seconds(0),
        ..builders::user("alice@example.com", now, app.random.as_ref())
    }
}

fn clients(party: &Party, now: Timestamp) -> Vec<Client> {
    use ClientAuthentication::{ClientSecretBasic, ClientSecretPost, PrivateKeyJwt};

    let client = |id: &str, kind, authentication: ClientAuthentication| {
        let mut client = builders::client(id, kind, now);
        if authentication.uses_secret() {
            let digest = ClientSecret::digest_of(SECRET);
            client.authentication.secrets = vec![ClientSecret { digest, created_at: now, expires_at: None }];
        }
        client.authentication.method = authentication;
        client.redirects.uris = vec![RegisteredRedirectUri::parse(REDIRECT, false).unwrap()];
        client.policy.scopes = ScopeSet::parse("openid profile email address phone offline_access read write").unwrap();
        client.policy.resources = vec![Resource::parse(API).unwrap()];
        client
    };
    let keys = ClientKeys::Jwks(party.jwks());
    let algorithm = haechi::model::client::SigningAlgorithm::ES256;
    let mut all = vec![
        client("web", ClientKind::Web, ClientSecretBasic),
        client("posting", ClientKind::Web, ClientSecretPost),
        client("spa", ClientKind::Browser, ClientAuthentication::None),
        client("spa2", ClientKind::Browser, ClientAuthentication::None),
        client("worker", ClientKind::Service, ClientSecretBasic),
        client("signer", ClientKind::Service, PrivateKeyJwt { keys, algorithm }),
        client("api", ClientKind::Service, ClientSecretBasic),
        client("evil", ClientKind::Web, ClientSecretBasic),
    ];
    all[6].policy.serves = vec![Resource::parse(API).unwrap()];
    all[7].redirects.uris = vec![RegisteredRedirectUri::parse("https://evil.example/cb", false).unwrap()];
    all[7].policy.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    all
}

/// A request under construction.
pub struct Call {
    router: Router,
    request: axum::http::request::Builder,
    headers: HeaderMap,
    body: String,
    peer: SocketAddr,
}

impl Call {
    /// Adds parameters to the form.
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(std::mem::take(&mut self.body));
        form.extend_pairs(pairs);
        self.body = form.finish();
        if self.headers.contains_key(header::CONTENT_TYPE) {
            return self;
        }
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sends exactly this body.
    pub fn body(mut self, content_type: &str, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self.headers.remove(header::CONTENT_TYPE);
        self.header("content-type", content_type)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    /// Authenticates by Basic, with the secret that is right.
    pub fn basic(self, client: &str) -> Self {
        self.basic_with(client, SECRET)
    }

    pub fn basic_with(self, client: &str, secret: &str) -> Self {
        let value = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
        self.header("authorization", &value)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sends it from another address.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = SocketAddr::new(address.parse().unwrap(), 1);
        self
    }

    /// Sends it to another node.
    pub fn to(mut self, node: &Router) -> Self {
        self.router = node.clone();
        self
    }

    pub async fn send(self) -> Answer {
        self.send_to("id.example").await
    }

    /// Sends it to a server of another name.
    pub async fn send_to(self, host: &str) -> Answer {
        let mut request = self.request.body(Body::from(self.body)).unwrap();
        request.headers_mut().extend(self.headers);
        request.headers_mut().insert(header::HOST, HeaderValue::from_str(host).unwrap());
        request.extensions_mut().insert(Peer(self.peer));
        let response = self.router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The JSON of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// The error code of an answer with this status.
    #[track_caller]
    pub fn error(&self, status: u16) -> String {
        self.expect(status)["error"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn tokens(&self) -> TokenSet {
        let json = self.expect(200);
        let text = |name: &str| json.get(name).map(|value| value.as_str().unwrap().to_owned());
        TokenSet {
            access_token: text("access_token").unwrap(),
            refresh_token: text("refresh_token"),
            id_token: text("id_token"),
            scope: text("scope"),
        }
    }
}

/// The tokens of an answer.
#[derive(Clone, Debug)]
pub struct TokenSet {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub id_token: Option<String>,
    pub scope: Option<String>,
}

impl TokenSet {
    pub fn refresh(&self) -> &str {
        self.refresh_token.as_deref().unwrap()
    }
}

/// The header and the claims of a JWT, unverified.
pub fn open(token: &str) -> (Value, BTreeMap<String, Value>) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let header = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (header, serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

/// An object without the values that differ from run to run.
pub fn masked(object: impl serde::Serialize, names: &[&str]) -> Value {
    let mut object = serde_json::to_value(object).unwrap();
    for name in names {
        assert!(object[name].is_string(), "{name}: {object}");
        object[name] = Value::from(format!("[{name}]"));
    }
    object
}
