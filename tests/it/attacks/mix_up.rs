//! Mix-up, state and nonce, and forms that belong to another login.

use std::time::Duration;

use axum::http::StatusCode;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

const STRANGE: &[&str] =
    &["a&b#c", "%0d%0aSet-Cookie: x=1", "\r\nX: y", "\"'><script>alert(1)</script>", "해치 🐯", "+ %20", "\u{202e}x"];

#[tokio::test]
async fn mix_007_a_nonce_comes_back_whole_or_not_at_all() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let sixty_four = "n".repeat(64);
    for nonce in STRANGE.iter().copied().chain([sixty_four.as_str()]) {
        let answer = browser.get(&Ask::of("app").with("nonce", nonce).url()).await.answer();
        assert_eq!(app.id_token("app", &answer["code"]).await.1["nonce"], nonce);
    }
    let long = browser.get(&Ask::of("app").with("nonce", &"n".repeat(2048)).url()).await;
    assert_eq!(long.error(), "invalid_request");
}

#[tokio::test]
async fn mix_008_state_comes_back_byte_for_byte() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let long = "s".repeat(2048);
    for state in STRANGE.iter().copied().chain([long.as_str()]) {
        let page = browser.get(&Ask::of("app").with("state", state).url()).await;
        assert_eq!(page.answer()["state"], state);
        assert_eq!(page.headers.get_all("set-cookie").iter().count(), 0);
        assert!(page.header("x").is_none());
        let posted = browser.get(&Ask::of("app").with("state", state).with("response_mode", "form_post").url()).await;
        assert!(!posted.body.contains("<script>alert"), "{state}");
        // A form control's line breaks are normalised by HTML itself.
        if !state.contains('\r') {
            assert_eq!(posted.form("form-post").field("state"), Some(state));
        }
    }
    let page = browser.get(&Ask::of("app").with("state", &"s".repeat(10_240)).url()).await;
    assert_eq!(page.error(), "invalid_request");
}

fn credentials() -> [(&'static str, &'static str); 2] {
    [("email", "mallory@example.com"), ("password", PASSWORD)]
}

#[tokio::test]
async fn mix_009_another_site_cannot_sign_somebody_in() {
    let app = TestApp::new().await;
    app.user("mallory@example.com").await;
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    let token = login.form("login").field("csrf").unwrap().to_owned();
    // From elsewhere: no cookie, another origin, no token.
    let page = browser.post_from_elsewhere("/login", &credentials()).await;
    assert_eq!((page.status, page.problem().as_str()), (StatusCode::FORBIDDEN, "stale-form"));
    // At home but without the token, with a token of another browser, of another form, or empty.
    let mut theirs = app.browser();
    let foreign = theirs.get("/login").await.form("login").field("csrf").unwrap().to_owned();
    let signup = browser.get("/signup").await.form("signup").field("csrf").unwrap().to_owned();
    assert_ne!(token, foreign);
    for token in [None, Some(foreign.as_str()), Some(&signup), Some(""), Some(&token[..20])] {
        let fields: Vec<_> = credentials().into_iter().chain(token.map(|token| ("csrf", token))).collect();
        let page = browser.post_once("/login", &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token:?}");
    }
    // With the right token, but a browser that says it comes from elsewhere.
    let fields: Vec<_> = credentials().into_iter().chain([("csrf", token.as_str())]).collect();
    let page = browser.post_from_elsewhere("/login", &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(browser.cookie(browser.session_cookie_name()).is_none());
}

/// A browser in front of the consent page of `app`.
async fn at_consent(app: &TestApp, email: &str) -> (Browser, Page) {
    let user = app.user(email).await;
    let mut browser = app.signed_in(&user).await;
    let page = browser.get(&Ask::of("app").url()).await;
    assert!(page.has("consent"), "{}", page.body);
    (browser, page)
}

#[tokio::test]
async fn mix_010_consent_cannot_be_given_by_another_site_or_for_another_login() {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    let (mut alice, page) = at_consent(&app, "alice@example.com").await;
    let (mut mallory, theirs) = at_consent(&app, "mallory@example.com").await;
    let form = page.form("consent");
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let allowing: Vec<_> = fields.iter().copied().chain([("decision", "allow")]).collect();
    let from_elsewhere = alice.post_from_elsewhere("/consent", &allowing).await;
    assert_eq!(from_elsewhere.status, StatusCode::FORBIDDEN);
    // Alice's flow in Mallory's browser, and Mallory's in Alice's.
    let flow = page.form("consent").field("flow").unwrap().to_owned();
    let page_of_alice = mallory.submit(&theirs, "consent", &[("flow", &flow), ("decision", "allow")]).await;
    assert_eq!(page_of_alice.problem(), "other-browser");
    let theirs_id = theirs.form("consent").field("flow").unwrap().to_owned();
    let page_of_mallory = alice.submit(&page, "consent", &[("flow", &theirs_id), ("decision", "allow")]).await;
    assert_eq!(page_of_mallory.problem(), "other-browser");
    assert!(app.app.stores.consents.find(app_user(&app, "alice").await, &client_id()).await.unwrap().is_none());
    // A no is final.
    let denied = alice.submit(&page, "consent", &[("decision", "deny")]).await;
    assert_eq!(denied.error(), "access_denied");
    let replayed = alice.submit(&page, "consent", &[("decision", "allow")]).await;
    assert_eq!(replayed.problem(), "flow-gone");
    assert!(app.app.stores.consents.find(app_user(&app, "alice").await, &client_id()).await.unwrap().is_none());
}

fn client_id() -> haechi::model::ClientId {
    haechi::model::ClientId::parse("app").unwrap()
}

async fn app_user(app: &TestApp, name: &str) -> haechi::support::id::UserId {
    let email = haechi::model::user::EmailAddress::parse(&format!("{name}@example.com")).unwrap();
    app.app.stores.users.find_by_email(&email).await.unwrap().unwrap().id
}

#[tokio::test]
async fn mix_010_consent_counts_once_and_for_the_account_that_was_shown() {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    let (mut browser, page) = at_consent(&app, "alice@example.com").await;
    // Somebody else signs in meanwhile, in another tab.
    app.sign_in(&mut browser, &app.user("lee@example.com").await).await;
    let asked_again = browser.submit(&page, "consent", &[("decision", "allow")]).await;
    assert!(asked_again.has("consent"), "another account is asked anew");
    assert!(app.app.stores.consents.find(app_user(&app, "lee").await, &client_id()).await.unwrap().is_none());
    let answer = browser.submit(&asked_again, "consent", &[("decision", "allow")]).await;
    assert!(answer.answer().contains_key("code"));
    let again = browser.submit(&asked_again, "consent", &[("decision", "allow")]).await;
    assert_eq!(again.problem(), "flow-gone");
}

#[tokio::test]
async fn mix_011_two_tabs_keep_their_logins_apart() {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    app.client("evil", |client| {
        client.redirects.uris = vec![crate::support::app::redirect_uri("https://evil.example/cb")];
    })
    .await;
    let alice = app.user("alice@example.com").await;
    let mut browser = app.browser();
    let first = browser.get(&Ask::of("app").url()).await;
    let second = browser.get(&Ask::of("evil").with("redirect_uri", "https://evil.example/cb").url()).await;
    let filled = [("email", "alice@example.com"), ("password", PASSWORD)];
    let evil_consent = browser.submit(&second, "login", &filled).await;
    assert!(evil_consent.has("consent"));
    // The first tab goes on with its own app, and its consent is not the other's.
    let first_consent = browser.get(first.url.as_str()).await;
    assert!(first_consent.has("consent"));
    let answer = browser.submit(&first_consent, "consent", &[("decision", "allow")]).await;
    assert!(answer.location().unwrap().starts_with("https://app.example/cb?code="));
    let evil = haechi::model::ClientId::parse("evil").unwrap();
    assert!(app.app.stores.consents.find(alice.id, &evil).await.unwrap().is_none());
    assert!(browser.get(evil_consent.url.as_str()).await.has("consent"));
}

#[tokio::test]
async fn mix_013_max_age_and_prompt_login_want_the_password_again() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.user("alice@example.com").await;
    app.user("lee@example.com").await;
    for (name, value) in [("max_age", "1"), ("max_age", "0"), ("prompt", "login")] {
        let mut browser = app.browser();
        let filled = [("email", "alice@example.com"), ("password", PASSWORD)];
        let login = browser.get(&Ask::of("app").url()).await;
        let answer = browser.submit(&login, "login", &filled).await.answer();
        let (_, before) = app.id_token("app", &answer["code"]).await;
        app.clock.advance(Duration::from_hours(2));
        let ask = Ask::of("app").with(name, value).with("claims", r#"{"id_token":{"auth_time":null}}"#);
        let again = browser.get(&ask.url()).await;
        assert!(again.has("login"), "{name}={value}");
        // Going back or starting over changes nothing.
        assert!(browser.get(again.url.as_str()).await.has("login"));
        assert!(browser.get(&format!("/continue?{}", again.url.query().unwrap())).await.has("login"));
        assert!(browser.get(&ask.url()).await.has("login"));
        // A wrong password leaves the old session as it was.
        let wrong = browser.submit(&again, "login", &[("email", "alice@example.com"), ("password", "wrong")]).await;
        assert!(wrong.has("login"));
        let old = browser.get(&Ask::of("app").with("prompt", "none").url()).await.answer();
        assert_eq!(app.id_token("app", &old["code"]).await.1["sid"], before["sid"]);
        let answer = browser.submit(&again, "login", &filled).await.answer();
        let (_, after) = app.id_token("app", &answer["code"]).await;
        assert_eq!(after["auth_time"].as_i64().unwrap(), haechi::support::Clock::now(app.clock.as_ref()).seconds());
        assert_eq!(after["sid"], before["sid"], "the same person goes on with the same sign-in");
        app.clock.advance(Duration::from_secs(2));
        let again = browser.get(&ask.url()).await;
        let other = [("email", "lee@example.com"), ("password", PASSWORD)];
        let answer = browser.submit(&again, "login", &other).await.answer();
        let (_, lee) = app.id_token("app", &answer["code"]).await;
        assert_ne!(lee["sid"], before["sid"]);
        assert_ne!(lee["sub"], before["sub"]);
    }
}
