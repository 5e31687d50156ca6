//! At the token endpoint.

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::open;

#[tokio::test]
async fn s4_14_2_refresh_tokens_of_public_clients_rotate() {
    let house = TestApp::furnished().await;
    let code = house.code("spa", "openid offline_access").await;
    let public = [("client_id", "spa")];
    let first = house.redeeming(&code).form(&public).send().await.tokens();
    let second = house.refreshing(first.refresh()).form(&public).send().await.tokens();
    assert_ne!(first.refresh(), second.refresh());
    house.pass(31);
    assert_eq!(house.refreshing(first.refresh()).form(&public).send().await.error(400), "invalid_grant");
    assert_eq!(house.refreshing(second.refresh()).form(&public).send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn s2_3_access_tokens_are_restricted_to_their_resources_and_scope() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials"), ("scope", "read"), ("resource", "https://api.example")];
    let (_, claims) = open(&house.post("/token").basic("worker").form(&form).send().await.tokens().access_token);
    assert_eq!((&claims["scope"], &claims["aud"]), (&json!("read"), &json!("https://api.example")));
}

#[tokio::test]
async fn s4_15_a_clients_subject_is_never_a_persons() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials")];
    let (_, claims) = open(&house.post("/token").basic("worker").form(&form).send().await.tokens().access_token);
    assert!(!claims["sub"].as_str().unwrap().starts_with("usr_"));
    assert!(open(&house.tokens("openid").await.access_token).1["sub"].as_str().unwrap().starts_with("usr_"));
}
