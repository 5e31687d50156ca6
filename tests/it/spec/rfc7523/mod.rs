//! RFC 7523: JWT Profile for OAuth 2.0 Client Authentication, section 3; OpenID Connect Core 1.0 section 9.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::furnished::{Answer, Furnished, ISSUER};
use crate::support::jose::with;

const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub fn claims(house: &Furnished, id: &str) -> Value {
    let now = house.now().seconds();
    json!({ "iss": "signer", "sub": "signer", "aud": ISSUER, "exp": now + 60, "iat": now, "jti": id })
}

pub async fn send(house: &Furnished, assertion: &str) -> Answer {
    let form = [("grant_type", "client_credentials"), ("client_assertion_type", KIND), ("client_assertion", assertion)];
    house.post("/token").form(&form).send().await
}

#[tokio::test]
async fn s2_2_an_assertion_authenticates_its_client() {
    let house = TestApp::furnished().await;
    let assertion = house.party.token(json!({}), &claims(&house, "1"));
    send(&house, &assertion).await.tokens();
    let typed = house.party.token(json!({ "typ": "client-authentication+jwt" }), &claims(&house, "2"));
    let form = [("grant_type", "client_credentials"), ("client_id", "signer"), ("client_assertion_type", KIND)];
    house.post("/token").form(&form).form(&[("client_assertion", &typed)]).send().await.tokens();
}

#[tokio::test]
async fn s2_2_the_type_is_required_and_must_be_this_one() {
    let house = TestApp::furnished().await;
    let assertion = house.party.token(json!({}), &claims(&house, "1"));
    for kind in ["", "jwt", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"] {
        let form = [("grant_type", "client_credentials"), ("client_assertion_type", kind)];
        let answer = house.post("/token").form(&form).form(&[("client_assertion", &assertion)]).send().await;
        assert_eq!(answer.error(401), "invalid_client");
    }
}

#[tokio::test]
async fn s3_each_claim_is_checked() {
    let house = TestApp::furnished().await;
    let now = house.now().seconds();
    for wrong in [
        json!({ "iss": "web" }),
        json!({ "sub": "web" }),
        json!({ "aud": "https://other.example" }),
        json!({ "exp": now }),
        json!({ "exp": now + 361 }),
        json!({ "nbf": now + 61 }),
        json!({ "iat": now + 61 }),
        json!({ "jti": null }),
    ] {
        let assertion = house.party.token(json!({}), &with(claims(&house, "1"), wrong.clone()));
        assert_eq!(send(&house, &assertion).await.error(401), "invalid_client", "{wrong}");
    }
    // A refused assertion is not used up.
    send(&house, &house.party.token(json!({}), &claims(&house, "1"))).await.tokens();
}
