//! Logins as people have them: forms that are used twice, back buttons, tabs, popups, and logins that end halfway.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::support::id::SignInId;
use tokio::sync::Barrier;

use crate::support::app::{PASSWORD, TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

const KIM: [(&str, &str); 2] = [("email", "kim@example.com"), ("password", PASSWORD)];
const ALLOW: [(&str, &str); 1] = [("decision", "allow")];

async fn house() -> TestApp {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    app.user("kim@example.com").await;
    app
}

/// Signs in and stops in front of the consent page.
async fn at_consent(app: &TestApp) -> (Browser, Page) {
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = browser.submit(&login, "login", &KIM).await;
    assert!(page.has("consent"), "{}", page.body);
    (browser, page)
}

#[tokio::test]
async fn somebody_signs_in_agrees_and_is_not_asked_again() {
    let app = house().await;
    let (mut browser, page) = at_consent(&app).await;
    let answer = browser.submit(&page, "consent", &ALLOW).await.answer();
    assert!(app.redeem("app", &answer["code"]).await["id_token"].is_string());
    assert!(browser.get(&Ask::of("app").url()).await.answer().contains_key("code"));
    let more = browser.get(&Ask::of("app").with("scope", "openid email").url()).await;
    assert!(more.has("consent"), "more is asked for");
}

#[tokio::test]
async fn somebody_who_says_no_goes_back_with_access_denied() {
    let app = house().await;
    let (mut browser, page) = at_consent(&app).await;
    let answer = browser.submit(&page, "consent", &[("decision", "deny")]).await;
    assert_eq!(answer.error(), "access_denied");
    assert_eq!(answer.answer()["state"], "xyz");
}

#[tokio::test]
async fn a_form_that_was_used_says_so_when_it_is_sent_again() {
    let app = house().await;
    let (mut browser, page) = at_consent(&app).await;
    browser.submit(&page, "consent", &ALLOW).await.answer();
    for _ in 0..2 {
        let again = browser.submit(&page, "consent", &ALLOW).await;
        assert_eq!((again.status, again.problem().as_str()), (StatusCode::BAD_REQUEST, "flow-gone"));
    }
    // The back button leads to the page as it was: also gone.
    assert_eq!(browser.get(page.url.as_str()).await.problem(), "flow-gone");
}

#[tokio::test]
async fn going_back_to_the_login_form_and_using_it_again_goes_on() {
    let app = house().await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    assert!(browser.submit(&login, "login", &KIM).await.has("consent"));
    assert!(browser.submit(&login, "login", &KIM).await.has("consent"));
    assert!(browser.get(login.url.as_str()).await.has("consent"), "the login page leads on");
}

#[tokio::test]
async fn a_session_that_ends_in_front_of_the_consent_page_signs_in_again() {
    let app = house().await;
    let (mut browser, page) = at_consent(&app).await;
    let mut other_tab = browser.clone();
    let logout = other_tab.get("/logout").await;
    other_tab.submit(&logout, "logout", &[]).await;
    let next = browser.submit(&page, "consent", &ALLOW).await;
    assert!(next.has("login"), "{}", next.body);
    let next = browser.submit(&next, "login", &KIM).await;
    assert!(next.has("consent"), "what was agreed to without being signed in does not count");
}

#[tokio::test]
async fn an_account_that_is_disabled_halfway_gets_nothing() {
    let app = house().await;
    let (mut browser, page) = at_consent(&app).await;
    app.clock.advance(Duration::from_secs(1));
    let kim = users::find(&app.app.admin, &Authority::operator(), "kim@example.com").await.unwrap().unwrap();
    users::set_enabled(&app.app.admin, &Authority::operator(), kim.id, false).await.unwrap();
    let next = browser.submit(&page, "consent", &ALLOW).await;
    assert!(next.has("login"));
    let refused = browser.submit(&next, "login", &KIM).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("login"));
}

#[tokio::test]
async fn a_client_that_is_disabled_or_loses_its_address_halfway_gets_nothing() {
    for disabled in [true, false] {
        let app = house().await;
        let (mut browser, page) = at_consent(&app).await;
        let id = haechi::model::ClientId::parse("app").unwrap();
        let mut client = app.app.stores.clients.find(&id).await.unwrap().unwrap();
        client.enabled = !disabled;
        client.redirects.uris = vec![redirect_uri("https://app.example/new")];
        app.commit(vec![haechi::store::Change::UpdateClient(client)]).await;
        let next = browser.submit(&page, "consent", &ALLOW).await;
        assert_eq!((next.problem().as_str(), next.header("location")), ("unknown-client", None));
    }
}

#[tokio::test]
async fn an_account_is_chosen_among_several_or_added() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let (kim, lee) = (app.user("kim@example.com").await, app.user("lee@example.com").await);
    app.user("park@example.com").await;
    let mut browser = app.signed_in(&kim).await;
    app.sign_in(&mut browser, &lee).await;
    let ask = Ask::of("app").with("prompt", "select_account").url();
    let page = browser.get(&ask).await;
    let session = app.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    let kims = session.of_user(kim.id).unwrap().id.to_string();
    let answer = browser.submit(&page, "accounts", &[("account", &kims)]).await.answer();
    assert_eq!(app.id_token("app", &answer["code"]).await.1["sub"], kim.id.to_string());
    // One that is not signed in here is no choice.
    let page = browser.get(&ask).await;
    let foreign = SignInId::from_bytes([7; 16]).to_string();
    assert!(browser.submit(&page, "accounts", &[("account", &foreign)]).await.has("accounts"));
    let login = browser.submit(&page, "accounts", &[("account", "other")]).await;
    assert!(login.has("login"));
    let answer = browser.submit(&login, "login", &[("email", "park@example.com"), ("password", PASSWORD)]).await;
    assert!(answer.answer().contains_key("code"));
}

#[tokio::test]
async fn of_many_who_ask_for_the_answer_at_once_one_gets_it() {
    let app = house().await;
    let (browser, page) = at_consent(&app).await;
    let form = page.form("consent");
    let mut recording = browser.clone();
    let fields: Vec<_> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(ALLOW).collect();
    let next = recording.post_once("/consent", &fields).await.location().unwrap();
    let barrier = Arc::new(Barrier::new(20));
    let tries = (0..20).map(|_| {
        let (mut browser, barrier, next) = (browser.clone(), barrier.clone(), next.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            browser.get_once(&next).await.location().is_some_and(|to| to.contains("code=hcode_"))
        })
    });
    let won = futures_util::future::join_all(tries).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn of_many_forms_sent_at_once_none_brings_an_answered_login_back() {
    let app = house().await;
    let (browser, page) = at_consent(&app).await;
    let barrier = Arc::new(Barrier::new(10));
    let fields: Vec<(String, String)> = page.form("consent").fields;
    let tries = (0..10).map(|_| {
        let (mut browser, barrier, fields) = (browser.clone(), barrier.clone(), fields.clone());
        tokio::spawn(async move {
            let pairs: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(ALLOW).collect();
            barrier.wait().await;
            let recorded = browser.post_once("/consent", &pairs).await;
            browser.follow(recorded).await.location().is_some_and(|to| to.contains("code=hcode_"))
        })
    });
    let won = futures_util::future::join_all(tries).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_popup_stays_in_touch_with_the_app_that_opened_it() {
    let app = house().await;
    let mut browser = app.browser();
    let policy = |page: &Page| page.header("cross-origin-opener-policy").map(str::to_owned);
    let ask = Ask::of("app").with("display", "popup").url();
    assert_eq!(policy(&browser.get_once(&ask).await), None);
    let login = browser.get(&ask).await;
    assert_eq!(policy(&login).as_deref(), Some("unsafe-none"));
    let consent = browser.submit(&login, "login", &KIM).await;
    assert_eq!(policy(&consent).as_deref(), Some("unsafe-none"));
    let usual = browser.get(&Ask::of("app").url()).await;
    assert_eq!(policy(&usual).as_deref(), Some("same-origin"));
}

#[tokio::test]
async fn everything_lives_below_the_issuers_path() {
    let app = TestApp::with(|config| config.server.issuer = "https://id.example/auth".to_owned()).await;
    app.first_party("app").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/login").await.status, StatusCode::NOT_FOUND);
    let login = browser.get(&format!("/auth{}", Ask::of("app").url())).await;
    assert_eq!(login.url.path(), "/auth/login");
    let answer = browser.submit(&login, "login", &KIM).await.answer();
    assert_eq!(answer["iss"], "https://id.example/auth");
    let logout = browser.get("/auth/logout").await;
    assert!(browser.submit(&logout, "logout", &[]).await.has("signed-out"));
}
