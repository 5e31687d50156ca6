//! RFC 9068: JWT Profile for OAuth 2.0 Access Tokens.

use haechi::model::client::{AccessTokenType, IdTokenClaims};
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::CHALLENGE;
use crate::support::furnished::{REDIRECT, masked, open};

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
    house.keys.hold(haechi::model::client::SigningAlgorithm::EdDSA).await.unwrap();
    for &algorithm in haechi::model::client::SigningAlgorithm::ALL {
        house.change_client("worker", |client| client.tokens.access_token_algorithm = algorithm).await;
        let form = [("grant_type", "client_credentials")];
        let token = house.post("/token").basic("worker").form(&form).send().await.tokens().access_token;
        assert_eq!(open(&token).0["alg"], algorithm.as_str());
        let known = house.post("/introspect").basic("worker").form(&[("token", &token)]).send().await;
        assert_eq!(known.expect(200)["active"], true);
    }
}

#[tokio::test]
async fn s2_1_a_client_may_ask_for_the_type_jwt_and_the_token_is_as_good() {
    let house = TestApp::furnished().await;
    house.change_client("web", |client| client.tokens.access_token_type = AccessTokenType::Jwt).await;
    let tokens = house.tokens("openid email").await;
    let (header, claims) = open(&tokens.access_token);
    assert_eq!((&header["typ"], &claims["client_id"]), (&json!("JWT"), &json!("web")));
    assert!(house.is_active(&tokens.access_token).await);
    let told = house.get("/userinfo").bearer(&tokens.access_token).send().await.expect(200);
    assert_eq!(told["email"], "alice@example.com");
    let form = [("token", tokens.access_token.as_str())];
    house.post("/revoke").basic("web").form(&form).send().await;
    assert!(!house.is_active(&tokens.access_token).await);
}

/// Section 5: what tells tokens apart that have one type are claims that only one of them has.
#[tokio::test]
async fn s5_a_token_of_type_jwt_is_taken_for_no_other_kind_of_token() {
    let house = TestApp::furnished().await;
    house
        .change_client("web", |client| {
            client.tokens.access_token_type = AccessTokenType::Jwt;
            client.tokens.id_token_claims = IdTokenClaims::Profile;
            client.tokens.access_token_algorithm = client.tokens.id_token_algorithm;
        })
        .await;
    let tokens = house.tokens("openid profile email").await;
    let id_token = tokens.id_token.unwrap();
    assert_eq!(open(&id_token).0, open(&tokens.access_token).0, "the same key, algorithm and type");
    assert_eq!(house.get("/userinfo").bearer(&id_token).send().await.error(401), "invalid_token");
    assert!(!house.is_active(&id_token).await);
    let hinted = |hint: &str| {
        let query = [("client_id", "web"), ("response_type", "code"), ("redirect_uri", REDIRECT), ("scope", "openid")];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let pkce = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
        format!("/authorize?{query}&{pkce}&prompt=none&id_token_hint={hint}")
    };
    assert_eq!(house.browser().get(&hinted(&id_token)).await.error(), "login_required");
    assert_eq!(house.browser().get(&hinted(&tokens.access_token)).await.error(), "invalid_request");
}
