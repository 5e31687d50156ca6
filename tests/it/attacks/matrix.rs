//! Disabled means disabled, deleted means deleted, ended means ended: everything that something rests on, against every surface that asks.

use haechi::admin::connections::CameThrough;
use haechi::admin::{Authority, ProvenAuthority, clients, connections, sessions, users};
use haechi::model::client::{Client, ClientAuthentication, ClientId, ClientSecret};
use haechi::model::connection::Slug;
use haechi::model::user::{User, UserStatus};
use haechi::protocol::grant_type::GrantType;
use haechi::store::Change;
use serde_json::Value;

use crate::support::app::{CALLBACK, PASSWORD};
use crate::support::ask::{Ask, VERIFIER};
use crate::support::browser::Browser;
use crate::support::call::SECRET;
use crate::upstream::Abroad;

const OPERATOR: ProvenAuthority = Authority::operator();

/// The surfaces, in the order of the columns: a silent authorization request; a code, a refresh token and both kinds of tokens from before, at
/// the token endpoint, at introspection and at UserInfo; the account page of the session; returning to the client from a logout; signing in
/// anew by password and through the provider.
const SURFACES: [&str; 9] =
    ["authorize", "code", "refresh", "introspect", "userinfo", "account", "logout", "login", "upstream"];

/// What happened, and where the end-user and the client are still served: `x` where they are, `-` where they are not.
const TABLE: &[(&str, &str)] = &[
    ("nothing", "x x x x x x x x x"),
    ("account disabled", "- - - - - - x - -"),
    // A node of a release that counts no epochs says so by the state alone.
    ("account disabled in its epoch", "- - - - - - x - -"),
    ("account ended", "- - - - - - x x x"),
    // Whoever the provider names gets an account of their own then: another one.
    ("account deleted", "- - - - - - x - x"),
    // The password and the address are the new account's, which no identity is linked to.
    ("account made again", "- - - - - - x x -"),
    ("server ended", "- - - - - - x x x"),
    ("client disabled", "- - - - - x - x x"),
    ("client disabled in its epoch", "- - - - - x - x x"),
    ("client deleted", "- - - - - x - x x"),
    ("client ended", "x - - - - x x x x"),
    ("client registered again", "- - - - - x x x x"),
    ("connection disabled", "- - - - - - x x -"),
    ("connection deleted", "- - - - - - x x -"),
    ("connection disabled alone", "x x x x x x x x -"),
    ("connection deleted alone", "x x x x x x x x -"),
    ("connection ended", "- - - - - - x x x"),
    ("link removed", "- - - - - - x x -"),
    // What is granted offline outlives the session (OpenID Connect Core 1.0 section 11).
    ("session ended", "- x x x x - x x x"),
    ("consent withdrawn", "- - - - - x x x x"),
    ("consent given again", "x - - - - x x x x"),
    ("refreshing not allowed", "x x - x x x x x x"),
];

/// A client that an end-user let in, in a session that came through a provider.
struct Scene {
    abroad: Abroad,
    user: User,
    browser: Browser,
    code: String,
    tokens: Value,
}

fn app() -> ClientId {
    ClientId::parse("app").unwrap()
}

fn google() -> Slug {
    Slug::parse("google").unwrap()
}

fn confidential(client: &mut Client) {
    let digest = ClientSecret::digest_of(SECRET);
    client.authentication.secrets = vec![ClientSecret { digest, created_at: client.created_at, expires_at: None }];
    client.authentication.method = ClientAuthentication::ClientSecretPost;
    client.redirects.post_logout_uris = vec![crate::support::app::redirect_uri("https://app.example/bye")];
}

impl Scene {
    async fn new() -> Self {
        let abroad = Abroad::to("google").await;
        let house = &abroad.app;
        house.client("app", confidential).await;
        abroad.go(&mut house.browser(), "google").await;
        let user = abroad.user("minji.kim@gmail.com").await.unwrap();
        let user =
            users::set_password(&house.admin, &OPERATOR, user.id, &PASSWORD.into(), "seen in person").await.unwrap();
        house.consented(&user, "app", "openid offline_access").await;
        let mut browser = house.browser();
        abroad.go(&mut browser, "google").await;
        let mut scene = Self { abroad, user, browser, code: String::new(), tokens: Value::Null };
        let first = scene.silently().await.unwrap();
        scene.tokens = scene.redeem(&first).await;
        scene.code = scene.silently().await.unwrap();
        scene
    }

    async fn silently(&mut self) -> Option<String> {
        let ask = Ask::of("app").with("scope", "openid offline_access").with("prompt", "none");
        let page = self.browser.get(&ask.url()).await;
        if page.status.is_redirection() { page.answer().remove("code") } else { None }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Value {
        let fields = [&[("client_id", "app"), ("client_secret", SECRET)], fields].concat();
        let page = self.abroad.app.browser().post_once(path, &fields).await;
        serde_json::from_str(&page.body).unwrap_or_default()
    }

    async fn redeem(&self, code: &str) -> Value {
        let (kind, back) = (("grant_type", "authorization_code"), ("redirect_uri", CALLBACK));
        self.post("/token", &[kind, back, ("code", code), ("code_verifier", VERIFIER)]).await
    }

    fn token(&self, kind: &str) -> &str {
        self.tokens[kind].as_str().unwrap()
    }

    async fn happens(&mut self, what: &str) {
        let (house, user) = (&self.abroad.app, self.user.id);
        let switch = async |enabled, came_through| {
            connections::set_enabled(&house.admin, &OPERATOR, &google(), enabled, came_through).await.unwrap();
        };
        let enable =
            async |enabled| drop(clients::set_enabled(&house.admin, &OPERATOR, &app(), enabled).await.unwrap());
        let delete = async |came_through| {
            _ = connections::delete(&house.admin, &OPERATOR, &google(), came_through).await.unwrap();
        };
        match what {
            "nothing" => {}
            "account disabled" => drop(users::set_enabled(&house.admin, &OPERATOR, user, false).await.unwrap()),
            "account disabled in its epoch" => {
                let user = house.stores.users.find(user).await.unwrap().unwrap();
                house.commit(vec![Change::UpdateUser(User { status: UserStatus::Disabled, ..user })]).await;
            }
            "account ended" => house.accounts.sign_out_everywhere(user).await.unwrap(),
            "account deleted" => users::delete(&house.admin, &OPERATOR, user).await.unwrap(),
            "account made again" => {
                users::delete(&house.admin, &OPERATOR, user).await.unwrap();
                assert_ne!(house.user(self.user.email.as_str()).await.id, user, "it is another sub");
            }
            "server ended" => drop(sessions::end_all(&house.admin, &OPERATOR).await.unwrap()),
            "client disabled" => enable(false).await,
            "client disabled in its epoch" => {
                let client = house.stores.clients.find(&app()).await.unwrap().unwrap();
                house.commit(vec![Change::UpdateClient(Client { enabled: false, ..client })]).await;
            }
            "client deleted" => clients::delete(&house.admin, &OPERATOR, &app()).await.unwrap(),
            "client ended" => {
                enable(false).await;
                enable(true).await;
            }
            "client registered again" => {
                clients::delete(&house.admin, &OPERATOR, &app()).await.unwrap();
                house.client("app", confidential).await;
            }
            "connection disabled" => switch(false, CameThrough::Ends).await,
            "connection deleted" => delete(CameThrough::Ends).await,
            "connection disabled alone" => switch(false, CameThrough::GoesOn).await,
            "connection deleted alone" => delete(CameThrough::GoesOn).await,
            "connection ended" => {
                switch(false, CameThrough::Ends).await;
                switch(true, CameThrough::Ends).await;
            }
            "link removed" => {
                let link = self.abroad.links(&self.user).await.remove(0);
                house.accounts.unlink(&house.proof_of(&self.user), link.identity).await.unwrap();
            }
            "session ended" => {
                let session = house.flow.sessions.load(self.browser.visitor().session.as_ref()).await.unwrap();
                let id = session.current().unwrap().id;
                house.flow.sessions.end_elsewhere(user, id).await.unwrap();
            }
            "consent withdrawn" => house.accounts.withdraw_consent(user, app()).await.unwrap(),
            "consent given again" => {
                house.accounts.withdraw_consent(user, app()).await.unwrap();
                house.consented(&self.user, "app", "openid offline_access").await;
            }
            "refreshing not allowed" => {
                let mut client = house.stores.clients.find(&app()).await.unwrap().unwrap();
                client.policy.grant_types.retain(|grant| *grant != GrantType::RefreshToken);
                house.commit(vec![Change::UpdateClient(client)]).await;
            }
            other => panic!("{other}"),
        }
        house.clients.poll().await.unwrap();
    }

    async fn serves(&mut self, surface: &str) -> bool {
        match surface {
            "authorize" => self.silently().await.is_some(),
            "code" => self.redeem(&self.code).await.get("access_token").is_some(),
            "refresh" => {
                let fields = [("grant_type", "refresh_token"), ("refresh_token", self.token("refresh_token"))];
                self.post("/token", &fields).await.get("access_token").is_some()
            }
            "introspect" => {
                let answer = self.post("/introspect", &[("token", self.token("access_token"))]).await;
                answer["active"] == true
            }
            "userinfo" => {
                let mut caller = self.abroad.app.browser();
                caller.headers.push(("authorization", format!("Bearer {}", self.token("access_token"))));
                caller.get_once("/userinfo").await.status == 200
            }
            "account" => self.browser.get_once("/account").await.status == 200,
            "logout" => {
                let mut browser = self.browser.clone();
                let hint = self.token("id_token");
                let back = "https://app.example/bye";
                let query = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs([("id_token_hint", hint), ("post_logout_redirect_uri", back), ("client_id", "app")])
                    .finish();
                let page = browser.get(&format!("/logout?{query}")).await;
                page.location().is_some_and(|location| location.starts_with(back))
            }
            "login" => {
                let mut browser = self.abroad.app.browser();
                let page = browser.get("/login").await;
                browser.submit(&page, "login", &[("email", self.user.email.as_str()), ("password", PASSWORD)]).await;
                crate::upstream::is_signed_in(&browser)
            }
            _ => {
                let mut browser = self.abroad.app.browser();
                let login = browser.get("/login").await;
                if !login.has("upstream-google") {
                    return false;
                }
                let url = self.abroad.press(&mut browser, &login, "google").await;
                let answer = self.abroad.emulator.visit(&url).await;
                self.abroad.deliver(&mut browser, &answer).await;
                crate::upstream::is_signed_in(&browser)
            }
        }
    }
}

#[tokio::test]
async fn what_is_disabled_deleted_or_ended_is_so_on_every_surface() {
    let mut wrong = Vec::new();
    for (what, expected) in TABLE {
        let mut scene = Scene::new().await;
        scene.happens(what).await;
        for (surface, expected) in SURFACES.iter().zip(expected.split(' ')) {
            let served = if scene.serves(surface).await { "x" } else { "-" };
            if served != expected {
                wrong.push(format!("{what}, {surface}: {served} instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
