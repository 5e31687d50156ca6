//! From an app to a code and out again, as a newcomer goes.

use super::{language, speak};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;

#[tokio::test]
async fn a_newcomer_signs_up_agrees_and_is_known_from_then_on() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = app.browser();
    let ask = Ask::of("app").with("scope", "openid email");
    let login = browser.get(&ask.url()).await;
    let to_sign_up =
        login.html().select(&"#to-signup".try_into().unwrap()).next().unwrap().attr("href").unwrap().to_owned();
    let sign_up = browser.get(&to_sign_up).await;
    let typed = [("name", "김해치"), ("email", "kim@example.com"), ("password", PASSWORD)];
    let consent = browser.submit(&sign_up, "signup", &typed).await;
    assert!(consent.has("allow") && consent.has("deny"), "{}", consent.body);
    assert!(consent.body.contains("app.example") && consent.body.contains("kim@example.com"));
    let answer = browser.submit(&consent, "consent", &[("decision", "allow")]).await.answer();
    assert_eq!(app.redeem("app", &answer["code"]).await["token_type"], "Bearer");
    // Neither password nor consent is asked for again.
    assert!(browser.get(&ask.url()).await.answer().contains_key("code"));
    let apps = browser.get("/account/apps").await;
    assert!(apps.body.contains("김해치") && apps.body.contains("Test App"));
}

#[tokio::test]
async fn a_no_goes_back_to_the_app_as_such() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let consent = browser.get(&Ask::of("app").url()).await;
    assert_eq!(browser.submit(&consent, "consent", &[("decision", "deny")]).await.error(), "access_denied");
}

#[tokio::test]
async fn what_the_claims_parameter_names_is_asked_for_too() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let user = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&user).await;
    let plain = Ask::of("app");
    let consent = browser.get(&plain.url()).await;
    assert!(!consent.body.contains("See your e-mail address"));
    assert!(browser.submit(&consent, "consent", &[("decision", "allow")]).await.answer().contains_key("code"));
    // Agreeing to be known is not agreeing to tell the address.
    for claims in [r#"{"userinfo":{"email":null}}"#, r#"{"id_token":{"email":{"essential":true}}}"#] {
        let consent = browser.get(&plain.clone().with("claims", claims).url()).await;
        assert!(consent.has("allow"), "{claims}: {} {:?}", consent.status, consent.location());
        assert!(consent.body.contains("See your e-mail address"));
    }
    let claims = plain.with("claims", r#"{"userinfo":{"email":null}}"#);
    let consent = browser.get(&claims.url()).await;
    browser.submit(&consent, "consent", &[("decision", "allow")]).await;
    assert!(browser.get(&claims.url()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn the_language_is_the_apps_wish_until_the_person_has_another() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").with("ui_locales", "ko-KR en").url()).await;
    assert_eq!(language(&login), "ko");
    let login = speak(&mut browser, &login, "en").await;
    assert_eq!(language(&login), "en");
    let consent = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert!(consent.has("allow"));
    assert_eq!(language(&consent), "en");
}

#[tokio::test]
async fn every_page_switches_its_language() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for path in [
        "/account",
        "/account/profile",
        "/account/delete",
        "/logout?state=a%26b",
        "/signed-out",
        "/authorize?client_id=nobody",
        "/nothing-here",
    ] {
        let page = browser.get(path).await;
        assert_eq!(language(&page), "en", "{path}");
        let page = speak(&mut browser, &page, "ko").await;
        assert_eq!(language(&page), "ko", "{path}");
        assert!(page.status.is_success(), "{path}: {}", page.status);
        if path.starts_with("/logout") {
            assert_eq!(page.form("logout").field("state"), Some("a&b"));
        }
        speak(&mut browser, &page, "en").await;
    }
}
