//! Section 5.3: UserInfo.

use axum::http::Method;
use haechi::protocol::ScopeSet;
use haechi::protocol::claims::ClaimsRequest;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
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

/// Section 5.5 lets a request name claims; who may have them is the server's to say, and it says so by the scopes of the registration.
#[tokio::test]
async fn s5_5_a_claim_by_name_takes_a_client_that_is_registered_for_its_scope() {
    let names = r#"{"email":null,"email_verified":null,"name":{"essential":true},"phone_number":null,"address":null}"#;
    let claims = format!(r#"{{"id_token":{names},"userinfo":{names}}}"#);
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    for (id, scopes, told) in [
        ("bare", "openid", vec![]),
        ("named", "openid profile", vec!["name"]),
        ("mailed", "openid email", vec!["email"]),
    ] {
        app.client(id, |client| client.policy.scopes = ScopeSet::parse(scopes).unwrap()).await;
        let mut browser = app.signed_in(&alice).await;
        let consent = browser.get(&Ask::of(id).with("claims", &claims).url()).await;
        assert_eq!(consent.body.contains("See your e-mail address"), told.contains(&"email"), "{id}");
        let answer = browser.submit(&consent, "consent", &[("decision", "allow")]).await.answer();
        let tokens = app.redeem(id, &answer["code"]).await;
        let id_token = open(tokens["id_token"].as_str().unwrap()).1;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let userinfo = browser.send(Method::GET, "/userinfo", &[("authorization", &bearer)], None).await;
        let userinfo: serde_json::Value = serde_json::from_str(&userinfo.body).unwrap();
        for name in ["email", "name", "phone_number", "address"] {
            assert_eq!(id_token.contains_key(name), told.contains(&name), "{id}: {name} in the ID token");
            assert_eq!(userinfo.get(name).is_some(), told.contains(&name), "{id}: {name} in UserInfo");
        }
    }
}

#[tokio::test]
async fn s5_5_a_scope_that_a_client_loses_takes_the_claims_of_earlier_grants_along() {
    let house = TestApp::furnished().await;
    let mut grant = house.granting("web", "openid email offline_access");
    grant.terms.claims = ClaimsRequest::parse(r#"{"id_token":{"email":null},"userinfo":{"name":null}}"#).unwrap();
    let code = house.store(grant).await;
    let first = house.redeeming(&code).basic("web").send().await.tokens();
    assert_eq!(open(first.id_token.as_ref().unwrap()).1["email"], "alice@example.com");
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid offline_access").unwrap()).await;
    let json = house.get("/userinfo").bearer(&first.access_token).send().await.expect(200);
    assert_eq!(json, json!({ "sub": house.alice.id.to_string() }));
    let second = house.refreshing(first.refresh()).basic("web").send().await.tokens();
    assert!(!open(&second.id_token.unwrap()).1.contains_key("email"));
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

#[tokio::test]
async fn groups_is_a_scope_that_brings_a_claim_which_is_empty_where_there_are_none() {
    let house = TestApp::furnished().await;
    house.change_client("web", |web| web.policy.scopes = ScopeSet::parse("openid groups").unwrap()).await;
    let token = house.tokens("openid groups").await.access_token;
    assert_eq!(house.get("/userinfo").bearer(&token).send().await.expect(200)["groups"], json!([]));
    let token = house.tokens("openid").await.access_token;
    assert_eq!(house.get("/userinfo").bearer(&token).send().await.expect(200).get("groups"), None);
}
