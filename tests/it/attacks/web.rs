//! What a browser is told to refuse.

use axum::http::{Method, StatusCode};

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// Pages of every kind: a login, an error, a posted answer, our own.
async fn crawl(app: &TestApp, browser: &mut Browser) -> Vec<Page> {
    app.client("third", |_| ()).await;
    let user = app.user("kim@example.com").await;
    let mut pages = vec![
        browser.get("/login").await,
        browser.get("/signup").await,
        browser.get("/signed-out").await,
        browser.get("/claim?token=x").await,
        browser.get(&Ask::of("nobody").url()).await,
        browser.get("/continue?flow=x").await,
        browser.get("/nothing-here").await,
        browser.get("/token").await,
        browser.get(&Ask::of("third").with("response_mode", "form_post").with("prompt", "none").url()).await,
        browser.post_once("/login", &[]).await,
        browser.get(&Ask::of("third").url()).await,
    ];
    app.sign_in(browser, &user).await;
    for section in ["", "/profile", "/security", "/sessions", "/apps", "/preferences", "/data", "/delete"] {
        pages.push(browser.get(&format!("/account{section}")).await);
    }
    pages.push(browser.get("/logout").await);
    pages.push(browser.get(&Ask::of("third").url()).await);
    pages.push(browser.get(&Ask::of("third").with("prompt", "select_account").url()).await);
    pages
}

#[tokio::test]
async fn web_001_002_every_page_has_a_strict_policy() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    for page in crawl(&app, &mut browser).await {
        let at = format!("{} {}", page.status, page.url);
        assert!(page.header("content-type").unwrap().starts_with("text/html; charset=utf-8"), "{at}");
        let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("no policy: {at}"));
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{at}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{at}: {policy}");
        assert_eq!(page.header("x-frame-options"), Some("DENY"), "{at}");
        // What the policy forbids is not there either.
        let html = page.html();
        let select = |css: &str| html.select(&scraper::Selector::parse(css).unwrap()).count();
        assert_eq!(select("[style], [onclick], [onload], [onsubmit], style, iframe, object, base"), 0, "{at}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("none");
        assert_eq!(select("script"), select(&format!("script[nonce=\"{nonce}\"]")), "{at}");
    }
}

#[tokio::test]
async fn web_002_a_nonce_is_never_used_twice() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("response_mode", "form_post").with("prompt", "none").url();
    let nonce = |page: &Page| page.header("content-security-policy").unwrap().to_owned();
    assert_ne!(nonce(&app.browser().get(&ask).await), nonce(&app.browser().get(&ask).await));
}

#[tokio::test]
async fn web_006_a_posted_answer_cannot_be_broken_out_of() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let state = "\"><script>alert(1)</script><input value='";
    let page = app
        .browser()
        .get(&Ask::of("app").with("response_mode", "form_post").with("prompt", "none").with("state", state).url())
        .await;
    assert_eq!(page.form("form-post").field("state"), Some(state));
    assert!(!page.body.contains("<script>alert"));
    let evil = Ask::of("app").with("response_mode", "form_post").with("redirect_uri", "javascript:alert(1)").url();
    let page = app.browser().get(&evil).await;
    assert_eq!((page.status, page.has("form-post")), (StatusCode::BAD_REQUEST, false));
}

#[tokio::test]
async fn web_010_every_answer_has_its_headers() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.browser();
    let mut pages = crawl(&app, &mut browser).await;
    for path in ["/jwks", "/.well-known/openid-configuration", "/healthz", "/static/nothing", "/authorize"] {
        pages.push(browser.get_once(path).await);
    }
    pages.push(browser.send(Method::POST, "/token", &[], Some("grant_type=x".to_owned())).await);
    pages.push(browser.send(Method::PUT, "/token", &[("accept", "application/json")], None).await);
    pages.push(browser.get_once(&Ask::of("app").url()).await);
    for page in &pages {
        let at = format!("{} {}", page.status, page.url);
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{at}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{at}");
        assert!(page.header("strict-transport-security").is_some(), "{at}");
        assert!(page.header("content-security-policy").is_some(), "{at}");
        assert!(page.header("cross-origin-resource-policy").is_some(), "{at}");
        assert!(page.header("x-request-id").is_some(), "{at}");
        let html = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        assert_eq!(page.header("cross-origin-opener-policy"), html.then_some("same-origin"), "{at}");
        if html || page.status.is_redirection() {
            assert_eq!(page.header("cache-control"), Some("no-store"), "{at}");
            assert!(page.header("permissions-policy").is_some(), "{at}");
        }
    }
}

#[tokio::test]
async fn web_012_nothing_that_a_cache_could_be_poisoned_with() {
    let app = TestApp::new().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for path in [
        "/account/profile/x.css",
        "/account/x.css",
        "/account.css",
        "/login;x.js",
        "/login/x.js",
        "/account%2fx.css",
        "/login%3bx",
    ] {
        let page = browser.get_once(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
    }
    let plain = browser.get("/.well-known/openid-configuration").await;
    browser.headers.push(("x-forwarded-host", "evil.tld".to_owned()));
    browser.headers.push(("x-forwarded-proto", "http".to_owned()));
    assert_eq!(browser.get("/.well-known/openid-configuration").await.body, plain.body);
}
