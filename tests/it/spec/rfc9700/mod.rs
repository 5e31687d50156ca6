
        assert_eq!(page.error(), "unsupported_response_type", "{implicit}");
        grant.code.challenge = None;
        house.store(grant).await
        let mut grant = house.granting("web", "openid");
        let page = browser.get(&Ask::of("app").with("response_type", implicit).url()).await;
    app.first_party("app").await;
    assert!(!claims["sub"].as_str().unwrap().starts_with("usr_"));
    assert!(open(&house.tokens("openid").await.access_token).1["sub"].as_str().unwrap().starts_with("usr_"));
    assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert_eq!((&claims["scope"], &claims["aud"]), (&json!("read"), &json!("https://api.example")));
    assert_eq!(browser.get(&Ask::of("app").url()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.redeeming(&stripped).basic("web").send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(first.refresh()).form(&public).send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(second.refresh()).form(&public).send().await.error(400), "invalid_grant");
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    assert_ne!(first.refresh(), second.refresh());
    for implicit in ["token", "id_token", "id_token token", "code id_token", "none"] {
    house.change_client("web", |web| web.pkce = PkcePolicy::Exempt).await;
    house.pass(31);
    house.post("/token").basic("web").form(&form).send().await.tokens();
    let (_, claims) = open(&house.post("/token").basic("worker").form(&form).send().await.tokens().access_token);
    let app = TestApp::new().await;
    let code = exempt().await;
    let code = house.code("spa", "openid offline_access").await;
    let exempt = async || {
    let first = house.redeeming(&code).form(&public).send().await.tokens();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT)];
    let form = [("grant_type", "client_credentials"), ("scope", "read"), ("resource", "https://api.example")];
    let form = [("grant_type", "client_credentials")];
    let house = House::new().await;
    let metadata: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = app.browser().get("/.well-known/oauth-authorization-server").await;
    let page = app.browser().get(&Ask::of("nobody").url()).await;
    let page = browser.get(&Ask::of("app").url()).await;
    let posted = browser.post_once("/authorize", &Ask::of("app").fields()).await;
    let public = [("client_id", "spa")];
    let second = house.refreshing(first.refresh()).form(&public).send().await.tokens();
    let stripped = exempt().await;
    }
    };
#[tokio::test]
//! RFC 9700: Best Current Practice for OAuth 2.0 Security, at the authorization endpoint.
//! RFC 9700: Best Current Practice for OAuth 2.0 Security, at the token endpoint.
async fn s2_3_access_tokens_are_restricted_to_their_resources_and_scope() {
async fn s4_14_2_refresh_tokens_of_public_clients_rotate() {
async fn s4_15_a_clients_subject_is_never_a_persons() {
async fn s4_8_2_a_verifier_without_a_challenge_is_refused() {
async fn section_2_1_1_metadata_says_which_pkce_methods_there_are() {
async fn section_2_1_2_no_access_token_is_issued_in_the_authorization_response() {
async fn section_4_12_redirects_are_303() {
async fn section_4_16_pages_are_not_framed() {
async fn section_4_2_4_codes_leak_through_no_referrer_and_no_cache() {
use axum::http::StatusCode;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::house::{House, REDIRECT, open};
use haechi::model::client::PkcePolicy;
use serde_json::json;
}
}
