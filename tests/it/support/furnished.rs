//! A house with clients and an account in it, for tests of the token side: codes are put straight into the store, as no browser needs to
//! sign in to have one redeemed.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use haechi::app::{self, App, Beginning, World};
use haechi::config::Config;
use haechi::http::AppState;
use haechi::model::Consent;
use haechi::model::audit_event::AuditKind;
use haechi::model::client::{
    AssertionAudience, Client, ClientAuthentication, ClientId, ClientKeys, ClientKind, ClientSecret,
};
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
use haechi::tokens::refresh_token::RefreshToken;

use super::app::TestApp;
use super::builders;
use super::jose::Party;

pub use super::app::ISSUER;
pub use super::call::{Answer, Call, SECRET, TokenSet, masked, open};
pub const REDIRECT: &str = "https://web.example/cb";
pub const API: &str = "https://api.example";
/// The example of RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A [`TestApp`] with an account, alice, and clients: `web` (Basic), `posting` (secret in the form), `spa` and `spa2` (public), `worker`
/// (for itself), `signer` (signed assertions, [`Furnished::party`]), `api` (serves [`API`]), `evil` (Basic, answered elsewhere).
pub struct Furnished {
    pub party: Party,
    pub alice: User,
    house: TestApp,
}

impl Deref for Furnished {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.house
    }
}

impl TestApp {
    /// A house with clients and an account.
    pub async fn furnished() -> Furnished {
        Self::furnished_with(|_| ()).await
    }

    /// A house with clients and an account, whose configuration is changed first.
    pub async fn furnished_with(change: impl FnOnce(&mut Config)) -> Furnished {
        let house = Self::with(change).await;
        let party = Party::new("ES256");
        let alice = alice(&house);
        let mut changes: Vec<Change> =
            clients(&party, house.app.clock.now()).into_iter().map(Change::InsertClient).collect();
        changes.push(Change::InsertUser(alice.clone()));
        house.commit(changes).await;
        house.clients.poll().await.unwrap();
        Furnished { party, alice, house }
    }
}

impl Furnished {
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
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

    /// Changes alice.
    pub async fn change_alice(&self, change: impl FnOnce(&mut User)) {
        let mut alice = self.app.stores.users.find(self.alice.id).await.unwrap().unwrap();
        change(&mut alice);
        self.commit(vec![Change::UpdateUser(alice)]).await;
    }

    /// Another node on the same stores, some of which may be replaced.
    pub async fn node(&self, change: impl FnOnce(&mut Stores)) -> Router {
        let mut stores = self.app.stores.clone();
        change(&mut stores);
        self.node_on(stores, self.clock.clone()).await
    }

    /// The same, past its router.
    pub async fn node_app(&self, change: impl FnOnce(&mut Stores)) -> Arc<app::App> {
        let mut stores = self.app.stores.clone();
        change(&mut stores);
        self.app_on(stores, self.clock.clone()).await
    }

    /// Another node on the same stores, on a machine whose clock is its own.
    pub async fn node_with(&self, clock: Arc<ManualClock>) -> Router {
        self.node_on(self.app.stores.clone(), clock).await
    }

    async fn node_on(&self, stores: Stores, clock: Arc<ManualClock>) -> Router {
        haechi::http::router(&AppState::new(self.app_on(stores, clock).await))
    }

    async fn app_on(&self, stores: Stores, clock: Arc<ManualClock>) -> Arc<app::App> {
        let config = self.app.config.clone();
        let world = World {
            beginning: Beginning::Allowed,
            clock,
            random: Arc::new(SystemRandom::new()),
            lookup: Arc::new(SystemLookup),
        };
        let app = app::assemble(config, stores, world).await.unwrap();
        app.clients.poll().await.unwrap();
        app
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
        grant.epochs.consent = self.stores.consents.standing(grant.user, &grant.client).await.unwrap().epoch;
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

    /// Waits until the server has noted that the app has its newest tokens, which it does behind an answer.
    pub async fn settled(&self, refresh_token: &str) {
        let token = RefreshToken::parse(refresh_token, &self.app.tokens.refresh_mac).unwrap();
        let begun = Instant::now();
        while self.app.stores.grants.find(token.grant).await.unwrap().unwrap().refresh.unwrap().previous.is_some() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it is never noted");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How often something is in the audit log.
    pub async fn audited(&self, kind: AuditKind) -> usize {
        self.app.stores.audit.list(None, 200).await.unwrap().items.iter().filter(|event| event.kind == kind).count()
    }
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
        client(
            "signer",
            ClientKind::Service,
            PrivateKeyJwt { keys, algorithm, audience: AssertionAudience::default() },
        ),
        client("api", ClientKind::Service, ClientSecretBasic),
        client("evil", ClientKind::Web, ClientSecretBasic),
    ];
    all[6].policy.serves = vec![Resource::parse(API).unwrap()];
    all[7].redirects.uris = vec![RegisteredRedirectUri::parse("https://evil.example/cb", false).unwrap()];
    all[7].policy.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    all
}
