//! What a server shows when nobody asked, when something breaks in it, and when a proxy is played.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::StatusCode;
use haechi::model::grant::{Grant, RefreshSlot};
use haechi::store::{
    BackedGrant, Change, CodeExchange, CodeRedemption, GrantFilter, GrantStore, RefreshExchange, RefreshRotation,
    ReplayStore, RevokedTokenStore, StoreResult, ThrottleStore, UnitOfWork,
};
use haechi::support::id::{GrantId, UserId};
use haechi::support::{Digest, Timestamp};
use serde_json::json;

use crate::spec::rfc7523::{claims, send};
use crate::support::app::{CALLBACK, PEER, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::furnished::{ISSUER, SECRET};

const CANARY: &str = "the-inside-of-a-store";

/// A store with a defect: whatever it is asked, it panics.
struct Defect;

#[async_trait]
impl UnitOfWork for Defect {
    async fn commit(&self, _: Vec<Change>) -> StoreResult<()> {
        panic!("{CANARY}")
    }
}

#[async_trait]
impl RevokedTokenStore for Defect {
    async fn revoke(&self, _: Digest, _: Timestamp) -> StoreResult<()> {
        panic!("{CANARY}")
    }
    async fn is_revoked(&self, _: Digest) -> StoreResult<bool> {
        panic!("{CANARY}")
    }
}

#[async_trait]
impl GrantStore for Defect {
    async fn insert(&self, _: Grant) -> StoreResult<()> {
        panic!("{CANARY}")
    }
    async fn find(&self, _: GrantId) -> StoreResult<Option<Grant>> {
        panic!("{CANARY}")
    }
    async fn find_backed(&self, _: GrantId) -> StoreResult<Option<BackedGrant>> {
        panic!("{CANARY}")
    }
    async fn find_behind(&self, _: Digest, _: GrantId) -> StoreResult<Option<BackedGrant>> {
        panic!("{CANARY}")
    }
    async fn exchange_code(&self, _: CodeExchange) -> StoreResult<Option<BackedGrant>> {
        panic!("{CANARY}")
    }
    async fn exchange_refresh_token(&self, _: RefreshExchange) -> StoreResult<Option<BackedGrant>> {
        panic!("{CANARY}")
    }
    async fn redeem_code(
        &self,
        _: GrantId,
        _: Timestamp,
        _: Option<RefreshSlot>,
        _: Timestamp,
    ) -> StoreResult<CodeRedemption> {
        panic!("{CANARY}")
    }
    async fn burn_code(&self, _: GrantId, _: Timestamp) -> StoreResult<()> {
        panic!("{CANARY}")
    }
    async fn rotate(&self, _: GrantId, _: &RefreshSlot, _: RefreshSlot, _: Timestamp) -> StoreResult<RefreshRotation> {
        panic!("{CANARY}")
    }
    async fn forget_previous_refresh_token(&self, _: GrantId, _: u32) -> StoreResult<()> {
        panic!("{CANARY}")
    }
    async fn revoke(&self, _: &GrantFilter, _: Timestamp) -> StoreResult<u64> {
        panic!("{CANARY}")
    }
    async fn offline_of_user(&self, _: UserId, _: Timestamp) -> StoreResult<Vec<Grant>> {
        panic!("{CANARY}")
    }
    async fn of_user(&self, _: UserId, _: Timestamp) -> StoreResult<Vec<Grant>> {
        panic!("{CANARY}")
    }
}

#[async_trait]
impl ReplayStore for Defect {
    async fn first_use(&self, _: Digest, _: Timestamp, _: Timestamp) -> StoreResult<bool> {
        panic!("{CANARY}")
    }
}

#[async_trait]
impl ThrottleStore for Defect {
    async fn hit(&self, _: Digest, _: std::time::Duration, _: Timestamp) -> StoreResult<u32> {
        panic!("{CANARY}")
    }
    async fn count(&self, _: Digest, _: Timestamp) -> StoreResult<u32> {
        panic!("{CANARY}")
    }
    async fn ends(&self, _: Digest, _: Timestamp) -> StoreResult<Option<Timestamp>> {
        panic!("{CANARY}")
    }
    async fn reset(&self, _: Digest) -> StoreResult<()> {
        panic!("{CANARY}")
    }
}

#[tokio::test]
async fn dos_012_a_defect_ends_one_request_and_shows_nothing() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    let broken = house
        .node(|stores| {
            stores.work = Arc::new(Defect);
            stores.grants = Arc::new(Defect);
            stores.revoked_tokens = Arc::new(Defect);
            stores.replays = Arc::new(Defect);
            stores.throttles = Arc::new(Defect);
        })
        .await;
    let assertion = house.party.token(json!({}), &claims(&house, "1"));
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let signed = [("grant_type", "client_credentials"), kind, ("client_assertion", &assertion)];
    for _ in 0..3 {
        for call in [
            house.post("/introspect").basic("web").form(&[("token", &token)]),
            house.post("/revoke").basic("web").form(&[("token", &token)]),
            house.get("/userinfo").bearer(&token),
            house.post("/token").form(&signed),
        ] {
            let answer = call.header("accept", "application/json").to(&broken).send().await;
            assert_eq!(answer.error(500), "server_error");
            assert!(!answer.body.contains(CANARY) && answer.header("x-request-id").is_some(), "{answer:?}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        let mut browser = Browser::new(broken.clone(), ISSUER);
        let login = browser.get("/login").await;
        let page = browser.submit(&login, "login", &[("email", "a@example.com"), ("password", SECRET)]).await;
        assert_eq!((page.status, page.problem().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
        assert!(!page.body.contains(CANARY) && !page.body.contains("panicked"));
        // What needs none of it goes on.
        house.get("/jwks").to(&broken).send().await.expect(200);
        house
            .post("/token")
            .basic("worker")
            .form(&[("grant_type", "client_credentials")])
            .to(&broken)
            .send()
            .await
            .tokens();
    }
    send(&house, &assertion).await.tokens();
}

#[tokio::test]
async fn dos_013_nothing_is_shown_that_nobody_needs() {
    let house = TestApp::furnished().await;
    for path in [
        "/metrics",
        "/debug",
        "/debug/pprof",
        "/swagger",
        "/swagger-ui",
        "/openapi.json",
        "/docs",
        "/actuator",
        "/actuator/env",
        "/server-status",
        "/health",
        "/status",
        "/version",
        "/info",
        "/.env",
        "/.git/config",
        "/api",
        "/console",
        "/trace",
    ] {
        assert_eq!(house.get(path).header("user-agent", "Googlebot").send().await.status, 404, "{path}");
    }
    for (path, body) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = house.get(path).send().await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, body));
    }
    for path in ["/", "/login", "/jwks", "/.well-known/openid-configuration", "/nowhere"] {
        let answer = house.get(path).send().await;
        for name in ["server", "x-powered-by", "via", "x-runtime", "x-version"] {
            assert_eq!(answer.header(name), None, "{path}");
        }
        assert!(!answer.body.contains(env!("CARGO_PKG_VERSION")), "{path} tells the version");
    }
    for method in ["TRACE", "TRACK", "CONNECT"] {
        let answer = house.call(method, "/login").header("x-canary", CANARY).send().await;
        assert!(answer.status.is_client_error() && !answer.body.contains(CANARY), "{method}");
    }
}

#[tokio::test]
async fn dos_007_no_proxy_changes_what_the_server_is_called_or_how_its_cookies_are_kept() {
    let app = TestApp::with(|config| {
        config.network.trusted_proxies = vec![PEER.ip().into()];
    })
    .await;
    app.first_party("app").await;
    let plain = app.browser().get("/.well-known/openid-configuration").await.body;
    for (name, value) in [
        ("x-forwarded-proto", "http"),
        ("x-forwarded-proto", "https, http"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-port", "99999"),
        ("x-forwarded-port", "80"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-ssl", "off"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "proto=http;host=evil.example;for=\"[\""),
        ("x-forwarded-for", "999.1.1.1, ::, \u{1}"),
    ] {
        let mut browser = app.browser();
        browser.headers.push((name, value.replace('\u{1}', "%01")));
        let metadata = browser.get("/.well-known/openid-configuration").await;
        assert!(metadata.body == plain || metadata.status == StatusCode::MISDIRECTED_REQUEST, "{name}: {value}");
        let first = browser.get_once(&Ask::of("app").url()).await;
        for cookie in first.headers.get_all("set-cookie") {
            assert!(cookie.to_str().unwrap().contains("; Secure"), "{name}: {value}");
        }
        let login = browser.follow(first).await;
        // Who asked for another host is told that this is not it.
        let elsewhere = login.status == StatusCode::MISDIRECTED_REQUEST && value.contains("evil");
        assert!(login.has("login") || elsewhere, "{name}: {value}: {}", login.status);
        assert!(!login.body.contains("evil"), "{name}: {value}");
    }
}

#[tokio::test]
async fn code_019_a_request_object_says_how_its_refusal_travels_and_nothing_else() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let object = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZS8iLCJzdGF0ZSI6ImV2aWwifQ.";
    let by_value = browser.get(&Ask::of("app").with("request", object).url()).await;
    assert!(by_value.location().unwrap().starts_with(CALLBACK));
    let by_value = by_value.answer();
    // Its `state`, and at the address that is registered, not at its own.
    assert_eq!((by_value["error"].as_str(), by_value["state"].as_str()), ("request_not_supported", "evil"));
    let by_reference = browser.get(&Ask::of("app").with("request_uri", "https://evil.example/r").url()).await.answer();
    assert_eq!((by_reference["error"].as_str(), by_reference["state"].as_str()), ("request_uri_not_supported", "xyz"));
    // Without an address of its own beside it, nobody is sent anywhere.
    let bare = Ask::of("app").with("request", object).without("redirect_uri").url();
    assert!(!browser.get(&bare).await.location().unwrap_or_default().contains("evil"));
}

#[tokio::test]
async fn inj_007_a_client_in_the_cache_is_found_by_its_exact_id_only() {
    let house = TestApp::furnished().await;
    house.post("/token").basic("worker").form(&[("grant_type", "client_credentials")]).send().await.tokens();
    for id in
        ["Worker", "WORKER", "worker ", " worker", "worker%00", "worker%20", "wor%6bers", "w\u{f6}rker", "worker:"]
    {
        let form = [("grant_type", "client_credentials")];
        let answer = house.post("/token").basic_with(id, SECRET).form(&form).send().await;
        assert_eq!(answer.error(401), "invalid_client", "{id}");
    }
}
