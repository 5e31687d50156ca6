//! A round: an account with a password and an identity at a provider, a client that it let in, and a session that a thief has.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use haechi::admin::{Authority, users};
use haechi::model::User;
use serde_json::Value;

use super::ends::End;
use crate::support::app::{CALLBACK, PASSWORD};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::providers::{Person, named};
use crate::upstream::Abroad;

/// The provider, and the name of the connection to it.
pub const PROVIDER: &str = "google";

/// A server that is raced against.
pub struct Scene {
    pub abroad: Abroad,
    rounds: AtomicUsize,
}

/// What a round is about.
pub struct Round<'a> {
    pub scene: &'a Scene,
    pub user: User,
    pub client: String,
    /// A browser with a session of the account.
    pub stolen: Browser,
    /// The scope that is asked for.
    pub scope: &'static str,
    delay: usize,
    over: AtomicBool,
}

impl Scene {
    pub async fn new() -> Self {
        let abroad = Abroad::with(|config| {
            config.throttling.sign_ups_per_address = 1_000_000;
            config.throttling.authorizations_per_address = 1_000_000;
            config.throttling.password_failures_per_account = 1_000_000;
            config.throttling.password_failures_per_address = 1_000_000;
            config.accounts.hashing_queue = 1000;
        });
        let abroad = abroad.await;
        abroad.connect(PROVIDER, PROVIDER, |_| ()).await;
        Self { abroad, rounds: AtomicUsize::new(0) }
    }

    pub async fn round(&self, end: End) -> Round<'_> {
        let number = self.rounds.fetch_add(1, Ordering::Relaxed);
        let house = &self.abroad.app;
        let email: &'static str = format!("kim{number}@gmail.com").leak();
        let id: &'static str = format!("10{number}").leak();
        self.abroad.emulator.seat(PROVIDER, Person { id, email, ..named(PROVIDER).person });
        self.abroad.go(&mut house.browser(), PROVIDER).await;
        let user = self.abroad.user(email).await.unwrap();
        let user =
            users::set_password(&house.app.admin, &Authority::operator(), user.id, &PASSWORD.into(), "seen in person")
                .await;
        let user = user.unwrap();
        let client = format!("app{number}");
        house.client(&client, |_| ()).await;
        house.consented(&user, &client, "openid offline_access").await;
        house.app.clients.poll().await.unwrap();
        let mut stolen = house.browser();
        if end.is_of_the_provider() {
            self.abroad.go(&mut stolen, PROVIDER).await;
        } else {
            house.sign_in(&mut stolen, &user).await;
        }
        let scope = if end == End::SignOutThere { "openid" } else { "openid offline_access" };
        Round { scene: self, user, client, stolen, scope, delay: number * 7 % 40, over: AtomicBool::new(false) }
    }
}

impl Round<'_> {
    /// The client's request.
    pub fn ask(&self) -> Ask {
        Ask::of(&self.client).with("scope", self.scope)
    }

    /// Asks for a code with the stolen session, silently.
    pub async fn silently(&self, browser: &mut Browser) -> Option<String> {
        let page = browser.get(&self.ask().with("prompt", "none").url()).await;
        if page.status.is_redirection() { page.answer().remove("code") } else { None }
    }

    /// A moment that is another one in each round.
    pub async fn wait_a_little(&self) {
        for _ in 0..self.delay {
            tokio::task::yield_now().await;
        }
    }

    pub fn is_over(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    pub fn has_ended(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Exchanges something at the token endpoint; asks again where that says neither yes nor no.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Value {
        let fields = [&[("client_id", self.client.as_str())], fields].concat();
        let app = self.scene.abroad.app.browser();
        let page = decided(async || app.clone().post_once("/token", &fields).await).await;
        serde_json::from_str(&page.body).unwrap()
    }

    pub async fn redeem(&self, code: &str) -> Value {
        let verifier = ("code_verifier", crate::support::ask::VERIFIER);
        let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK), verifier];
        self.token(&fields).await
    }

    pub async fn refresh(&self, refresh_token: &str) -> Value {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }
}

/// The answer of a server that was not too busy to give one, as it is on a machine that runs other things beside the races.
async fn decided(ask: impl AsyncFn() -> Page) -> Page {
    for _ in 0..100 {
        let page = ask().await;
        if page.status != 503 {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("503 a hundred times");
}

/// What was got of the server in a round.
#[derive(Default)]
pub struct Got {
    pub codes: Vec<String>,
    pub tokens: Vec<Value>,
    pub browsers: Vec<Browser>,
}

impl Got {
    pub fn and(mut self, other: Self) -> Self {
        self.codes.extend(other.codes);
        self.tokens.extend(other.tokens);
        self.browsers.extend(other.browsers);
        self
    }

    pub fn count(&self) -> usize {
        self.codes.len() + self.tokens.len() + self.browsers.len()
    }

    /// What of it still works.
    pub async fn alive(&self, round: &Round<'_>, sessions: bool) -> Vec<String> {
        let mut alive = Vec::new();
        for code in &self.codes {
            if round.redeem(code).await["error"] != "invalid_grant" {
                alive.push(format!("code {code}"));
            }
        }
        for tokens in &self.tokens {
            let mut app = round.scene.abroad.app.browser();
            app.headers.push(("authorization", format!("Bearer {}", tokens["access_token"].as_str().unwrap())));
            if decided(async || app.clone().get_once("/userinfo").await).await.status != 401 {
                alive.push(format!("access token of {tokens}"));
            }
            if let Some(refresh_token) = tokens["refresh_token"].as_str()
                && round.refresh(refresh_token).await["error"] != "invalid_grant"
            {
                alive.push(format!("refresh token of {tokens}"));
            }
        }
        if sessions {
            for browser in self.browsers.iter().chain([&round.stolen]) {
                if browser.clone().get_once("/account").await.status == 200 {
                    alive.push(format!("session {:?}", browser.cookie(browser.session_cookie_name())));
                }
            }
        }
        alive
    }
}
