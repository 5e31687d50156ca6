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

/// "The token endpoint URL of the authorization server MAY be used as a value for an "aud" element". OpenID Connect Core 1.0 section 9: "The
/// Audience SHOULD be the URL of the Authorization Server's Token Endpoint." Libraries send it as a text (Authlib, the suite of the OpenID
/// Foundation) or as an array of one (Spring, Nimbus); oauth4webapi sends the issuer.
#[tokio::test]
async fn s3_the_audience_may_be_the_url_of_the_endpoint_that_is_called_or_the_issuer() {
    let house = TestApp::furnished().await;
    let metadata = house.get("/.well-known/oauth-authorization-server").send().await.json();
    for endpoint in ["token_endpoint", "introspection_endpoint", "revocation_endpoint"] {
        let url = metadata[endpoint].as_str().unwrap();
        for aud in [json!(url), json!([url]), json!(ISSUER), json!([ISSUER])] {
            let claims = with(claims(&house, &format!("{endpoint} {aud}")), json!({ "aud": aud }));
            let assertion = house.party.token(json!({}), &claims);
            let form = [("client_assertion_type", KIND), ("client_assertion", &assertion), ("token", "x")];
            let call = house.post(url.strip_prefix(ISSUER).unwrap()).form(&form);
            let answer = call.form(&[("grant_type", "client_credentials")]).send().await;
            assert_eq!(answer.status, 200, "{endpoint} {aud} {answer:?}");
        }
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
