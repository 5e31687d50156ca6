//! Attacks on coming back to a page after signing in: what is remembered is one of our own pages, whoever wrote it down.

use axum::http::StatusCode;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

const NEXT: &str = "__Host-haechi-next";

async fn log_in(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn open_003_whatever_is_planted_as_the_way_back_leads_to_a_page_of_ours() {
    let house = TestApp::new().await;
    house.user("kim@example.com").await;
    let long = format!("/account?{}", "x".repeat(3000));
    for planted in [
        "//evil.example/account",
        "/account//evil.example",
        "/account/../../evil",
        "/account/%2e%2e/logout",
        "/account%2f%2fevil.example",
        "/account%0d%0aset-cookie:%20x=1",
        "/account\\..\\evil",
        "/account@evil.example",
        "/account.evil.example",
        "/\\/evil.example",
        "/%09/evil.example",
        "https://id.example@evil.example/account",
        "javascript:alert(1)//account",
        "data:text/html,account",
        "/logout",
        "/logout?id_token_hint=x",
        "/authorize?client_id=app",
        "/language",
        "/token",
        "account",
        "ACCOUNT",
        "/Account",
        &long,
    ] {
        let mut browser = house.browser();
        browser.set_cookie(NEXT, planted);
        let login = browser.get("/login").await;
        let done = browser.submit_once(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
        assert_eq!((done.status, done.location().as_deref()), (StatusCode::SEE_OTHER, Some("/account")), "{planted}");
        assert!(browser.cookie("x").is_none());
    }
}

/// A page that only takes forms is not remembered: who came back to it would find nothing there.
#[tokio::test]
async fn open_003_what_only_takes_forms_is_not_come_back_to() {
    let house = TestApp::new().await;
    house.user("kim@example.com").await;
    for path in [
        "/account/claim",
        "/account/confirm",
        "/account/second-step",
        "/account/language",
        "/account/password",
        "/account/links",
        "/account/data/download",
        "/account/switch",
        "/admin/connections/google/state",
    ] {
        let mut browser = house.browser();
        let page = browser.get_once(path).await;
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(browser.cookie(NEXT), None, "{path}");
    }
}

/// Neither a page that its reader may not see nor a link that is spent sends the browser round in circles.
#[tokio::test]
async fn open_003_coming_back_never_loops() {
    let house = TestApp::new().await;
    house.user("kim@example.com").await;
    for (planted, status) in
        [("/admin", 403), ("/admin/nothing", 404), ("/claim?token=hott_spent", 410), ("/account/nothing", 404)]
    {
        let mut browser = house.browser();
        browser.set_cookie(NEXT, planted);
        let login = browser.get("/login").await;
        let page = log_in(&mut browser, &login).await;
        assert_eq!(page.status.as_u16(), status, "{planted}");
        assert_eq!(browser.cookie(NEXT), None, "{planted}: once");
    }
}

/// Who opens a link of ours first, and then signs in for an app, goes to the app.
#[tokio::test]
async fn open_003_a_page_that_was_asked_for_does_not_take_an_apps_login_over() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house.user("kim@example.com").await;
    let mut browser = house.browser();
    browser.get("/account").await;
    assert_eq!(browser.cookie(NEXT), Some("/account"));
    let login = browser.get(&Ask::of("app").url()).await;
    assert!(log_in(&mut browser, &login).await.answer().contains_key("code"));
}
