//! Two accounts in one browser: what a page of the first one does once the second one signed in.

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::user::Role;
use haechi::support::Clock;

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::builders;

/// Alice's page in a browser in which Bob signed in afterwards.
struct Scene {
    app: TestApp,
    browser: Browser,
    alice: User,
    bob: User,
    /// The sections of the account as Alice saw them.
    pages: Vec<Page>,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::new().await;
        app.client("app", |_| {}).await;
        let (alice, bob) = (app.user("alice@example.com").await, app.user("bob@example.com").await);
        for user in [&alice, &bob] {
            app.consented(user, "app", "openid email").await;
        }
        let mut browser = app.signed_in(&alice).await;
        let pages = sections(&mut browser).await;
        app.sign_in(&mut browser, &bob).await;
        Self { app, browser, alice, bob, pages }
    }

    /// The page that has the form which posts there, as Alice saw it.
    fn page(&self, path: &str) -> &Page {
        let action = format!("action=\"{path}\"");
        self.pages.iter().find(|page| page.body.contains(&action)).unwrap()
    }

    /// Sends a form of Alice's page.
    async fn send(&mut self, path: &str, filled: &[(&str, &str)]) -> Page {
        let mut browser = self.browser.clone();
        let page = browser.send_form(self.page(path), self.page(path).form_to(path), filled).await;
        self.browser = browser;
        self.browser.follow(page).await
    }

    /// Neither account is another than it was.
    async fn nothing_changed(&self) {
        for before in [&self.alice, &self.bob] {
            assert_eq!(self.app.app.accounts.find(before.id).await.unwrap().as_ref(), Some(before));
            assert_eq!(self.app.app.flow.sessions.of_user(before.id).await.unwrap().len(), 1);
            assert_eq!(self.app.app.stores.consents.of_user(before.id).await.unwrap().len(), 1);
            let from = from([192, 0, 2, 9]);
            let signed_in = self.app.app.accounts.sign_in(before.email.as_str(), &PASSWORD.into(), &from).await;
            assert!(signed_in.is_ok(), "{}", before.email);
        }
    }
}

/// The sections of the account that is in use.
async fn sections(browser: &mut Browser) -> Vec<Page> {
    let mut pages = Vec::new();
    for section in ["", "/profile", "/security", "/sessions", "/apps", "/preferences", "/data", "/delete"] {
        pages.push(browser.get(&format!("/account{section}")).await);
    }
    pages
}

#[tokio::test]
async fn mix_011_a_form_of_the_first_account_changes_nothing_of_the_second() {
    let mut scene = Scene::new().await;
    let theirs = scene.app.app.flow.sessions.of_user(scene.bob.id).await.unwrap().remove(0).id.to_string();
    let new = "three cranes over a paddy field";
    for (path, filled) in [
        ("/account/profile", &[("name", "Alice")][..]),
        ("/account/language", &[("locale", "ko")]),
        ("/account/password", &[("current", PASSWORD), ("password", new)]),
        ("/account/sessions", &[("session", "all")]),
        ("/account/sessions", &[("session", "others")]),
        ("/account/sessions", &[("session", theirs.as_str())]),
        ("/account/delete", &[("address", "bob@example.com")]),
        ("/account/apps", &[("client", "app")]),
    ] {
        let page = scene.send(path, filled).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{path}");
        // The page says whose form it was and who is signed in, and leads on as the latter.
        assert!(page.has("other-sign-in"), "{path}: {}", page.body);
        assert!(page.body.contains("alice@example.com") && page.body.contains("bob@example.com"), "{path}");
        assert!(page.body.contains("href=\"/account\"") && page.has("continue"), "{path}");
        assert_eq!(page.form("switch").field("home"), Some("/account"), "{path}");
        scene.nothing_changed().await;
    }
    // The same form of the account that is in use does it.
    scene.pages = sections(&mut scene.browser).await;
    let page = scene.send("/account/profile", &[("name", "Robert")]).await;
    assert!(page.has("saved"), "{}", page.body);
    let bob = scene.app.app.accounts.find(scene.bob.id).await.unwrap().unwrap();
    assert_eq!(bob.display_name(), "Robert");
}

#[tokio::test]
async fn mix_011_the_page_that_refuses_a_form_leads_to_either_account() {
    let mut scene = Scene::new().await;
    let alice = scene.alice.clone();
    let refused = scene.send("/account/profile", &[("name", "Alice")]).await;
    // Switched to the account that the form was drawn for, it does what it says.
    let here = scene.browser.submit(&refused, "switch", &[]).await;
    assert!(here.body.contains("alice@example.com") && !here.body.contains("bob@example.com"), "{}", here.body);
    let saved = scene.send("/account/profile", &[("name", "Alice")]).await;
    assert!(saved.has("saved"), "{}", saved.body);
    let now = scene.app.app.accounts.find(alice.id).await.unwrap().unwrap();
    assert_eq!(now.display_name(), "Alice");
    // The page to switch at is an account's as well: it is Bob's, and Alice is in use.
    let again = scene.browser.submit(&refused, "switch", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.has("other-sign-in"), "{}", again.body);
}

#[tokio::test]
async fn mix_011_only_a_sign_in_of_the_browser_can_be_switched_to() {
    let mut scene = Scene::new().await;
    let other = scene.app.user("carol@example.com").await;
    let elsewhere = scene.app.signed_in(&other).await;
    let theirs = elsewhere.visitor().session;
    let theirs = scene.app.app.flow.sessions.load(theirs.as_ref()).await.unwrap().current().unwrap().id.to_string();
    let csrf = scene.app.csrf(&scene.browser, "/account/switch").await;
    for (sign_in, home, status) in [
        (theirs.as_str(), "/account", StatusCode::SEE_OTHER),
        ("x", "/account", StatusCode::BAD_REQUEST),
        (theirs.as_str(), "//evil.example", StatusCode::BAD_REQUEST),
        (theirs.as_str(), "", StatusCode::BAD_REQUEST),
    ] {
        let fields = [("csrf", csrf.as_str()), ("sign_in", sign_in), ("home", home)];
        let page = scene.browser.post_once("/account/switch", &fields).await;
        assert_eq!(page.status, status, "{sign_in} {home}");
        let page = scene.browser.get("/account").await;
        assert!(page.body.contains("bob@example.com"), "{}", page.body);
    }
    // Where the other sign-in ended there is no way to it.
    scene.app.app.accounts.sign_out_everywhere(scene.alice.id).await.unwrap();
    let refused = scene.send("/account/profile", &[("name", "Alice")]).await;
    assert!(refused.has("continue") && !refused.has("switch"), "{}", refused.body);
    assert!(!refused.body.contains("alice@example.com"), "whose it was is not told");
}

#[tokio::test]
async fn mix_011_a_token_of_the_first_account_is_not_made_the_second_s_by_the_name_of_its_sign_in() {
    let mut scene = Scene::new().await;
    let (path, alices) = ("/account/profile", scene.page("/account/profile").csrf_of("/account/profile"));
    let bobs = scene.app.csrf(&scene.browser, path).await;
    let forged = format!("{}.{}", alices.split_once('.').unwrap().0, bobs.split_once('.').unwrap().1);
    let sent = scene.browser.post_once(path, &[("csrf", forged.as_str()), ("name", "Mallory")]).await;
    assert_eq!(sent.problem(), "stale-form");
    scene.nothing_changed().await;
}

#[tokio::test]
async fn mix_011_the_first_account_s_question_whether_to_sign_out_is_asked_again() {
    let mut scene = Scene::new().await;
    let asked = scene.send("/logout", &[("confirm", "yes")]).await;
    assert!(asked.has("logout"), "{}", asked.body);
    assert!(asked.body.contains("bob@example.com"), "it says which accounts would be signed out");
    scene.nothing_changed().await;
    let done = scene.browser.submit(&asked, "logout", &[]).await;
    assert!(done.has("signed-out"));
    assert!(scene.app.app.flow.sessions.of_user(scene.bob.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn mix_011_a_link_of_the_first_account_s_page_adds_nothing_to_the_second() {
    let app = TestApp::new().await;
    let (now, random) = (app.clock.now(), app.app.random.as_ref());
    let mut connection = builders::connection("github", "github", "client-of-github", now, random);
    connection.enabled = true;
    app.commit(vec![haechi::store::Change::InsertConnection(Box::new(connection))]).await;
    let (alice, bob) = (app.user("alice@example.com").await, app.user("bob@example.com").await);
    let mut browser = app.signed_in(&alice).await;
    let page = browser.get("/account/security").await;
    app.sign_in(&mut browser, &bob).await;
    let refused = browser.get_once(&page.link("upstream-github")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.has("other-sign-in") && refused.body.contains("alice@example.com"));
}

#[tokio::test]
async fn adm_009_a_form_of_the_first_administrator_changes_nothing_as_the_second() {
    let app = TestApp::new().await;
    let mut administrators = Vec::new();
    for email in ["first@example.com", "second@example.com"] {
        let user = app.user(email).await;
        let roles = vec![Role::Administrator];
        administrators.push(users::set_roles(&app.app.admin, &Authority::operator(), user.id, roles).await.unwrap());
    }
    let mut browser = app.signed_in(&administrators[0]).await;
    let create = browser.get("/admin/presets/google").await;
    let filled = [("client_id", "app.example"), ("client_secret", "canary-secret")];
    browser.submit(&create, "create", &filled).await;
    let (list, edit) = (browser.get("/admin/connections").await, browser.get("/admin/connections/google").await);
    let (secret, delete) =
        (browser.get("/admin/connections/google/secret").await, browser.get("/admin/connections/google/delete").await);
    let before = app.app.stores.connections.all().await.unwrap();
    app.sign_in(&mut browser, &administrators[1]).await;
    for (page, form, filled) in [
        (&create, "create", &filled[..]),
        (&list, "state-google", &[("state", "on")]),
        (&list, "move-google", &[("way", "up")]),
        (&edit, "state", &[("state", "on")]),
        (&edit, "connection", &[("label", "Mine")]),
        (&secret, "rotate", &[("client_secret", "second-canary")]),
        (&delete, "delete", &[]),
    ] {
        let refused = browser.submit(page, form, filled).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{form}");
        assert!(refused.has("other-sign-in") && refused.body.contains("href=\"/admin\""), "{form}");
        assert_eq!(refused.form("switch").field("home"), Some("/admin"), "{form}");
    }
    assert_eq!(browser.get_once(&edit.link("test")).await.status, StatusCode::CONFLICT, "the test");
    assert_eq!(app.app.stores.connections.all().await.unwrap(), before);
}

#[tokio::test]
async fn mix_011_a_form_from_before_the_account_signed_in_anew_says_so() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    let mut browser = app.signed_in(&alice).await;
    let page = browser.get("/account/profile").await;
    // It signs out in another tab: nobody is signed in, and the way is to the login page.
    let logout = browser.get("/logout").await;
    browser.submit(&logout, "logout", &[]).await;
    assert!(browser.submit(&page, "account-profile", &[("name", "Late")]).await.has("login"));
    app.sign_in(&mut browser, &alice).await;
    let late = browser.submit(&page, "account-profile", &[("name", "Late")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.has("other-sign-in"));
    assert_eq!(app.app.accounts.find(alice.id).await.unwrap().unwrap().display_name(), "Test Person");
}

#[tokio::test]
async fn mix_010_agreeing_counts_for_the_account_that_the_page_showed() {
    let mut scene = Scene::new().await;
    let consent = scene.browser.get(&Ask::of("app").with("prompt", "consent").url()).await;
    assert!(consent.has("allow") && consent.body.contains("bob@example.com"));
    let alice = scene.alice.clone();
    scene.app.sign_in(&mut scene.browser, &alice).await;
    let page = scene.browser.submit(&consent, "consent", &[("decision", "allow")]).await;
    assert!(page.has("allow") && page.body.contains("alice@example.com"), "asked again, as the account in use");
}
