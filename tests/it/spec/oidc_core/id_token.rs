//! Section 2 and 3.1.3: ID tokens from the token endpoint. Section 12: those that come with a refresh.

use haechi::model::client::IdTokenClaims;
use haechi::protocol::ScopeSet;
use haechi::protocol::claims::ClaimsRequest;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{masked, open};

#[tokio::test]
async fn s2_an_id_token_says_who_signed_in_and_no_more() {
    let house = TestApp::furnished().await;
    let id_token = house.tokens("openid profile email").await.id_token.unwrap();
    let (header, claims) = open(&id_token);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_json_snapshot!(masked(claims, &["sub", "sid", "at_hash"]), @r#"
    {
      "acr": "urn:haechi:acr:1fa",
      "amr": [
        "pwd"
      ],
      "at_hash": "[at_hash]",
      "aud": "web",
      "exp": 1750000600,
      "iat": 1750000000,
      "iss": "https://id.example",
      "nonce": "n-0S6_WzA2Mj",
      "sid": "[sid]",
      "sub": "[sub]"
    }
    "#);
}

#[tokio::test]
async fn s2_auth_time_is_there_when_it_was_asked_for() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid");
    grant.terms.auth_time_wanted = true;
    let code = house.store(grant).await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    assert_eq!(open(&tokens.id_token.unwrap()).1["auth_time"], 1_750_000_000);
}

#[tokio::test]
async fn s5_5_the_claims_parameter_puts_claims_into_the_id_token() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid");
    let asked =
        r#"{"id_token":{"email":null,"auth_time":{"essential":true},"name":{"value":"Bob"},"iss":{"value":"x"}}}"#;
    grant.terms.claims = ClaimsRequest::parse(asked).unwrap();
    let code = house.store(grant).await;
    let claims = open(&house.redeeming(&code).basic("web").send().await.tokens().id_token.unwrap()).1;
    assert_eq!(claims["email"], "alice@example.com");
    assert_eq!(claims["auth_time"], 1_750_000_000);
    assert_eq!(claims["iss"], "https://id.example");
    assert!(!claims.contains_key("name"));
}

#[tokio::test]
async fn s3_1_3_3_there_is_no_id_token_without_openid() {
    let house = TestApp::furnished().await;
    assert_eq!(house.tokens("email").await.id_token, None);
}

#[tokio::test]
async fn s12_2_a_refreshed_id_token_is_about_the_same_sign_in() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid offline_access");
    grant.terms.auth_time_wanted = true;
    let code = house.store(grant).await;
    let first = house.redeeming(&code).basic("web").send().await.tokens();
    house.pass(100);
    let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    let (first, second) = (open(&first.id_token.unwrap()).1, open(&second.id_token.unwrap()).1);
    for same in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(first[same], second[same], "{same}");
    }
    assert_eq!(second["iat"], 1_750_000_100);
    assert!(!second.contains_key("nonce"));
}

#[tokio::test]
async fn s5_4_a_client_may_have_the_claims_of_its_scopes_in_the_id_token_too() {
    let house = TestApp::furnished().await;
    house.change_client("web", |client| client.tokens.id_token_claims = IdTokenClaims::Profile).await;
    let code = house.code("web", "openid email phone offline_access").await;
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    let (_, claims) = open(tokens.id_token.as_deref().unwrap());
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("alice@example.com"), &json!(true)));
    assert_eq!(claims["phone_number"], "+82 2 312 3456");
    assert!(!claims.contains_key("name") && !claims.contains_key("address"), "{claims:?}");
    // What it says of itself is its own.
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("https://id.example"), &json!("web")));
    let told = house.get("/userinfo").bearer(&tokens.access_token).send().await.expect(200);
    assert_eq!(claims["email"], told["email"]);
    // A refresh for less says less, and a scope that the client loses takes its claims along.
    let narrowed =
        house.refreshing(tokens.refresh()).form(&[("scope", "openid phone")]).basic("web").send().await.tokens();
    let (_, claims) = open(narrowed.id_token.as_deref().unwrap());
    assert!(!claims.contains_key("email") && claims.contains_key("phone_number"), "{claims:?}");
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid offline_access").unwrap()).await;
    let left = house.refreshing(narrowed.refresh()).basic("web").send().await.tokens();
    let (_, claims) = open(left.id_token.as_deref().unwrap());
    assert!(!claims.contains_key("email") && !claims.contains_key("phone_number"), "{claims:?}");
}
