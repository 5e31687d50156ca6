//! Section 5.3: UserInfo.

use haechi::protocol::claims::ClaimsRequest;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{masked, open};

#[tokio::test]
async fn s5_3_2_the_answer_is_json_with_the_sub_of_the_id_token() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid profile email address phone").await;
    let answer = house.get("/userinfo").bearer(&tokens.access_token).send().await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.expect(200)["sub"], open(&tokens.id_token.unwrap()).1["sub"]);
    assert_json_snapshot!(masked(answer.expect(200), &["sub"]), @r#"
    {
      "address": {
        "country": "KR"
      },
      "email": "alice@example.com",
      "email_verified": true,
      "family_name": "Kim",
      "given_name": "Alice",
      "locale": "ko",
      "name": "Alice Kim",
      "phone_number": "+82 2 312 3456",
      "phone_number_verified": true,
      "sub": "[sub]",
      "updated_at": 1750000000
    }
    "#);
}

#[tokio::test]
async fn s5_4_a_scope_brings_its_claims_only() {
    let house = TestApp::furnished().await;
    let token = house.tokens("openid").await.access_token;
    let json = house.get("/userinfo").bearer(&token).send().await.expect(200);
    assert_eq!(json, json!({ "sub": house.alice.id.to_string() }));
}

#[tokio::test]
async fn s5_2_and_s5_5_claims_by_name_and_in_a_language() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid");
    grant.terms.claims = ClaimsRequest::parse(r#"{"userinfo":{"name":null,"email":{"essential":true}}}"#).unwrap();
    grant.terms.claims_locales = vec!["ko".to_owned()];
    let code = house.store(grant).await;
    let token = house.redeeming(&code).basic("web").send().await.tokens().access_token;
    let json = house.get("/userinfo").bearer(&token).send().await.expect(200);
    assert_eq!((&json["name"], &json["name#ko"]), (&json!("Alice Kim"), &json!("김앨리스")));
    assert_eq!(json["email"], "alice@example.com");
}

#[tokio::test]
async fn a_token_for_another_resource_is_not_for_userinfo() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid");
    let api = haechi::protocol::resource::Resource::parse(crate::support::furnished::API).unwrap();
    grant.terms.resources = vec![api];
    let code = house.store(grant).await;
    let form = [("resource", crate::support::furnished::API)];
    let token = house.redeeming(&code).form(&form).basic("web").send().await.tokens().access_token;
    assert_eq!(house.get("/userinfo").bearer(&token).send().await.error(401), "invalid_token");
}

#[tokio::test]
async fn a_clients_own_token_is_about_nobody() {
    let house = TestApp::furnished().await;
    house.change_client("worker", |worker| worker.policy.resources.clear()).await;
    let form = [("grant_type", "client_credentials")];
    let token = house.post("/token").basic("worker").form(&form).send().await.tokens().access_token;
    assert_eq!(house.get("/userinfo").bearer(&token).send().await.error(403), "insufficient_scope");
}
