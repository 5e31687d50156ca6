//! Signing in with an account that somebody has elsewhere: the whole house here, and every provider played there.

use haechi::config::Config;
use haechi::model::User;
use haechi::model::connection::Connection;
use haechi::model::upstream_link::UpstreamLink;
use haechi::model::user::EmailAddress;
use haechi::store::{Change, UserQuery};
use haechi::support::{Clock, Secret};
use haechi::upstream::secrets;
use scraper::Selector;
use url::Url;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::builders;
use crate::support::emulator::{Answered, Emulator, Proof, Registration, providers};

mod ends;
mod foreign;
mod hostile;
mod kept;
mod linking;
mod passing_on;
mod presets;
mod proof;
mod reach;
mod reasons;
mod sign_out;
mod subjects;

pub use crate::support::overheard::Overheard;

/// What we prove ourselves with at every provider but Apple.
const SECRET: &str = "client-secret-with:colon and space";

/// A house that reaches nobody but the emulator.
pub struct Abroad {
    pub app: TestApp,
    pub emulator: Emulator,
}

impl Abroad {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::reaching(Emulator::start().await, change).await
    }

    /// A house that reaches this one.
    pub async fn reaching(emulator: Emulator, change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::reaching(emulator.lookup(), |config| {
            config.network.outgoing_allowed = vec!["127.0.0.1/32".parse().unwrap()];
            config.network.outgoing_authorities = Some(emulator.authorities());
            change(config);
        })
        .await;
        emulator.follow(app.clock.clone());
        Self { app, emulator }
    }

    /// A house with one connection, whose slug is the preset's name.
    pub async fn to(preset: &str) -> Self {
        let abroad = Self::new().await;
        abroad.connect(preset, preset, |_| ()).await;
        abroad
    }

    /// Sets a connection up as an administrator would, and registers us with the provider.
    pub async fn connect(&self, slug: &str, preset: &str, change: impl FnOnce(&mut Connection)) -> Connection {
        let house = &self.app.app;
        let now = self.app.clock.now();
        let provider = providers::named(preset.trim_end_matches("-rest")).name;
        let preset = haechi::upstream::presets::find(preset).unwrap();
        let client_id = format!("client-of-{provider}");
        let random = house.random.as_ref();
        let mut connection = builders::connection(slug, preset.id, &client_id, now, random);
        connection.trust_email = preset.email_trust.by_default();
        fill_settings(&mut connection);
        let (secret, proof) = secret(&mut connection);
        connection.secrets = vec![secrets::seal(&house.upstream.sealer, random, connection.id, &secret, now)];
        change(&mut connection);
        let redirect_uri = format!("{}/upstream/{slug}/callback", self.app.issuer());
        self.emulator.register(Registration { provider, id: connection.client_id.clone(), redirect_uri, proof });
        self.app.commit(vec![Change::InsertConnection(Box::new(connection.clone()))]).await;
        connection
    }

    /// A person presses a provider's button at the login page: where it sends them.
    pub async fn begin(&self, browser: &mut Browser, slug: &str) -> Url {
        let login = browser.get("/login").await;
        self.press(browser, &login, slug).await
    }

    /// The same at a page that they are at already.
    pub async fn press(&self, browser: &mut Browser, page: &Page, slug: &str) -> Url {
        let sent = browser.get_once(&page.link(&format!("upstream-{slug}"))).await;
        let location = sent.location().unwrap_or_else(|| panic!("nowhere to go: {} {}", sent.status, sent.body));
        location.parse().unwrap()
    }

    /// A provider sends a person back.
    pub async fn deliver(&self, browser: &mut Browser, answer: &Answered) -> Page {
        let Some(fields) = &answer.posted else { return browser.get(answer.to.as_str()).await };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = browser.post_from_elsewhere(answer.to.as_str(), &fields).await;
        browser.follow(page).await
    }

    /// All of it, from the login page to where it leads.
    pub async fn go(&self, browser: &mut Browser, slug: &str) -> Page {
        let url = self.begin(browser, slug).await;
        let answer = self.emulator.visit(&url).await;
        self.deliver(browser, &answer).await
    }

    pub async fn user(&self, email: &str) -> Option<User> {
        let email = EmailAddress::parse(email).unwrap();
        self.app.app.stores.users.find_by_email(&email).await.unwrap()
    }

    pub async fn links(&self, user: &User) -> Vec<UpstreamLink> {
        self.app.app.stores.upstream_links.of_user(user.id).await.unwrap()
    }

    /// How many accounts there are.
    pub async fn accounts(&self) -> usize {
        self.app.app.stores.users.list(&UserQuery::default(), 100).await.unwrap().items.len()
    }
}

/// What a page says that came of it.
pub fn outcome(page: &Page) -> String {
    if page.has("error") {
        return page.problem();
    }
    let html = page.html();
    let card = html.select(&Selector::parse(".card[id^=upstream-]").unwrap()).next();
    let card = card.unwrap_or_else(|| panic!("nothing came of it: {} {} {}", page.url, page.status, page.body));
    card.value().attr("id").unwrap().to_owned()
}

/// Whether somebody is signed in to a browser.
pub fn is_signed_in(browser: &Browser) -> bool {
    browser.cookie(browser.session_cookie_name()).is_some()
}

/// What a preset asks for besides.
fn fill_settings(connection: &mut Connection) {
    let mut set = |name: &str, value: &str| connection.settings.insert(name.to_owned(), value.to_owned());
    match connection.preset.as_str() {
        "entra" => drop(set("tenant", "6babcaad-604b-40ac-a9d7-9fd97c0b779f")),
        "oidc" => drop(set("issuer", "https://idp.example/a")),
        "oauth2" => {
            set("authorization_endpoint", "https://oauth.example/authorize");
            set("token_endpoint", "https://oauth.example/token");
            set("profile_endpoint", "https://oauth.example/me");
            connection.scopes = vec!["profile".to_owned()];
        }
        "apple" => {
            set("team_id", "TEAM123456");
            set("key_id", "KEY1234567");
        }
        _ => {}
    }
}

/// What we prove ourselves with, and what the provider knows of it.
fn secret(connection: &mut Connection) -> (Secret<String>, Proof) {
    if connection.preset != "apple" {
        return (Secret::from(SECRET), Proof::Secret(SECRET.to_owned()));
    }
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let proof = Proof::Apple {
        team_id: connection.settings["team_id"].clone(),
        key_id: connection.settings["key_id"].clone(),
        point: pair.public_key_raw().to_vec(),
    };
    (Secret::from(pair.serialize_pem()), proof)
}

impl Overheard {
    /// Fails where a secret of a login was logged.
    #[track_caller]
    pub fn holds_no_secret(&self, abroad: &Abroad, browser: &Browser) {
        let log = self.text();
        assert!(log.contains("answered"), "hardly anything was logged: {log}");
        let cookies = [browser.session_cookie_name(), browser.browser_cookie_name()];
        let cookies = cookies.into_iter().filter_map(|name| browser.cookie(name)).map(str::to_owned);
        let ours = [SECRET.to_owned(), "BEGIN PRIVATE KEY".to_owned(), "canary-described".to_owned()];
        for secret in abroad.emulator.secrets().into_iter().chain(cookies).chain(ours) {
            let line = log.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret} was logged");
        }
    }
}
