//! RFC 9068: JWT Profile for OAuth 2.0 Access Tokens.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{masked, open};

#[tokio::test]
async fn s2_the_header_and_claims_of_a_persons_token() {
    let house = TestApp::furnished().await;
    let (header, claims) = open(&house.tokens("openid email").await.access_token);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("ES256")));
    assert!(header["kid"].is_string());
    assert_json_snapshot!(masked(claims, &["jti", "sub"]), @r#"
    {
      "acr": "urn:haechi:acr:1fa",
      "amr": [
        "pwd"
      ],
      "aud": "https://id.example",
      "auth_time": 1750000000,
      "client_id": "web",
      "exp": 1750000600,
      "iat": 1750000000,
      "iss": "https://id.example",
      "jti": "[jti]",
      "scope": "openid email",
      "sub": "[sub]"
    }
    "#);
}

#[tokio::test]
async fn s2_the_claims_of_a_clients_own_token() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials")];
    let (_, claims) = open(&house.post("/token").basic("worker").form(&form).send().await.tokens().access_token);
    assert_json_snapshot!(masked(claims, &["jti"]), @r#"
    {
      "aud": "https://api.example",
      "client_id": "worker",
      "exp": 1750000600,
      "iat": 1750000000,
      "iss": "https://id.example",
      "jti": "[jti]",
      "scope": "read write",
      "sub": "worker"
    }
    "#);
}

#[tokio::test]
async fn s2_1_every_algorithm_that_a_client_may_choose_is_used() {
    let house = TestApp::furnished().await;
    for &algorithm in haechi::model::client::SigningAlgorithm::ALL {
        house.change_client("worker", |client| client.tokens.access_token_algorithm = algorithm).await;
        let form = [("grant_type", "client_credentials")];
        let token = house.post("/token").basic("worker").form(&form).send().await.tokens().access_token;
        assert_eq!(open(&token).0["alg"], algorithm.as_str());
        let known = house.post("/introspect").basic("worker").form(&[("token", &token)]).send().await;
        assert_eq!(known.expect(200)["active"], true);
    }
}
