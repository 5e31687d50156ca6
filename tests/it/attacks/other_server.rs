//! What another server of ours issued: a neighbour with another name, or a test environment that has the same name or the same keys.

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::{Furnished, ISSUER, open};
use crate::support::jose::Party;

const NEIGHBOUR: &str = "https://test.id.example";

/// A server with another name; clients, people and even signing keys are the same.
async fn neighbour() -> Furnished {
    TestApp::furnished_with(|config| NEIGHBOUR.clone_into(&mut config.server.issuer)).await
}

#[tokio::test]
async fn code_007_a_code_of_another_server_is_none() {
    let (here, there) = (TestApp::furnished().await, TestApp::furnished().await);
    let code = there.code("web", "openid").await;
    assert_eq!(here.redeeming(&code).basic("web").send().await.error(400), "invalid_grant");
    // It was not used up where it is good.
    there.redeeming(&code).basic("web").send().await.tokens();
    let refresh = there.tokens("openid offline_access").await;
    assert_eq!(here.refreshing(refresh.refresh()).basic("web").send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn jwt_017_a_token_of_another_issuer_opens_nothing_though_the_keys_are_the_same() {
    let (here, there) = (TestApp::furnished().await, neighbour().await);
    let code = there.code("web", "openid email").await;
    let tokens = there.redeeming(&code).basic("web").send_to("test.id.example").await.tokens();
    let (header, claims) = open(&tokens.access_token);
    assert_eq!(claims["iss"], json!(NEIGHBOUR));
    let own = here.tokens("openid email").await.access_token;
    assert_eq!(open(&own).0["kid"], header["kid"], "the signature is one that this server would accept");
    here.get("/userinfo").bearer(&own).send().await.expect(200);
    assert_eq!(here.get("/userinfo").bearer(&tokens.access_token).send().await.error(401), "invalid_token");
    for token in [&tokens.access_token, tokens.id_token.as_ref().unwrap()] {
        assert!(!here.is_active(token).await);
    }
}

#[tokio::test]
async fn key_003_a_key_of_another_environment_signs_nothing_here() {
    let house = TestApp::furnished().await;
    let staging = Party::new("ES256");
    let real = house.tokens("openid email").await.access_token;
    let (header, claims) = open(&real);
    let claims = serde_json::to_value(claims).unwrap();
    // The claims are good to the letter; the key calls itself as it likes.
    for kid in [json!("staging"), header["kid"].clone()] {
        let forged = staging.token(json!({ "kid": kid, "typ": "at+jwt" }), &claims);
        assert_eq!(house.get("/userinfo").bearer(&forged).send().await.error(401), "invalid_token");
        assert!(!house.is_active(&forged).await);
    }
    house.get("/userinfo").bearer(&real).send().await.expect(200);
    assert_eq!(claims["iss"], json!(ISSUER));
}

#[tokio::test]
async fn sess_016_a_session_of_another_server_is_none() {
    let (here, there) = (TestApp::new().await, TestApp::new().await);
    for app in [&here, &there] {
        app.first_party("app").await;
    }
    here.user("kim@example.com").await;
    let elsewhere = there.signed_in(&there.user("kim@example.com").await).await;
    let mut browser = here.browser();
    for name in [elsewhere.browser_cookie_name(), elsewhere.session_cookie_name()] {
        browser.set_cookie(name, elsewhere.cookie(name).unwrap());
    }
    let silent = Ask::of("app").with("prompt", "none").url();
    assert_eq!(browser.get(&silent).await.error(), "login_required");
    assert!(browser.get("/account").await.has("login"));
}
