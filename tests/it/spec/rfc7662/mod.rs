//! RFC 7662: Token Introspection.

use haechi::protocol::resource::Resource;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{API, masked};

#[tokio::test]
async fn s2_2_an_active_access_token_is_described() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid email").await.access_token;
    let answer = house.post("/introspect").basic("web").form(&[("token", &token)]).send().await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_json_snapshot!(masked(answer.expect(200), &["jti", "sub"]), @r#"
    {
      "active": true,
      "aud": "https://id.example",
      "client_id": "web",
      "exp": 1750000600,
      "iat": 1750000000,
      "iss": "https://id.example",
      "jti": "[jti]",
      "scope": "openid email",
      "sub": "[sub]",
      "token_type": "Bearer"
    }
    "#);
}

#[tokio::test]
async fn s2_2_an_active_refresh_token_is_described_to_its_client_only() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let asked =
        async |who: &str| house.post("/introspect").basic(who).form(&[("token", tokens.refresh())]).send().await;
    assert_json_snapshot!(masked(asked("web").await.expect(200), &["sub"]), @r#"
    {
      "active": true,
      "client_id": "web",
      "exp": 1752592000,
      "iss": "https://id.example",
      "scope": "openid offline_access",
      "sub": "[sub]"
    }
    "#);
    assert_eq!(asked("api").await.expect(200), json!({ "active": false }));
}

#[tokio::test]
async fn s2_2_a_resource_server_hears_of_tokens_for_it() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid read");
    grant.terms.resources = vec![Resource::parse(API).unwrap()];
    let code = house.store(grant).await;
    let token = house.redeeming(&code).basic("web").send().await.tokens().access_token;
    let asked =
        async |who: &str| house.post("/introspect").basic(who).form(&[("token", &token)]).send().await.expect(200);
    assert_eq!(asked("api").await["active"], true);
    assert_eq!(asked("evil").await, json!({ "active": false }));
}

#[tokio::test]
async fn s2_2_an_inactive_token_is_only_inactive() {
    let house = TestApp::furnished().await;
    let expired = house.tokens("openid").await.access_token;
    house.pass(600);
    for token in ["nonsense", "hrt_x", &expired] {
        let answer = house.post("/introspect").basic("web").form(&[("token", token)]).send().await;
        assert_eq!(answer.expect(200), json!({ "active": false }));
    }
}

#[tokio::test]
async fn s2_1_the_endpoint_requires_authorization() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    let anonymous = house.post("/introspect").form(&[("token", &token)]).send().await;
    assert_eq!(anonymous.error(401), "invalid_client");
    let public = house.post("/introspect").form(&[("token", &token), ("client_id", "spa")]).send().await;
    assert_eq!(public.error(401), "invalid_client");
    assert_eq!(house.get("/introspect").basic("web").send().await.status, 405);
    assert_eq!(house.post("/introspect").basic("web").form(&[]).send().await.error(400), "invalid_request");
}
