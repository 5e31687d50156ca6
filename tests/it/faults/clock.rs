//! What holds even while the shared clock is a minute behind or is set back, as the database's may be: one clock that is set between two
//! requests. Machines that differ are in [`super::skew`].

use std::time::Duration;

use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::{Furnished, ISSUER, REDIRECT};

/// How far the clock is set back: `TOLERANCE`.
const SKEW: Duration = haechi::support::shared_clock::TOLERANCE;

/// A request to a node whose clock is this far behind; the clock is right again afterwards.
async fn behind<T>(house: &Furnished, by: Duration, request: impl Future<Output = T>) -> T {
    let now = house.now();
    house.clock.set(now.minus(by));
    let answer = request.await;
    house.clock.set(now);
    answer
}

#[tokio::test]
async fn f19_what_one_node_issues_is_good_at_a_node_a_minute_behind() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid offline_access").await;
    let tokens = behind(&house, SKEW, house.redeeming(&code).basic("web").send()).await.tokens();
    let tokens = house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
    assert!(behind(&house, SKEW, house.is_active(&tokens.access_token)).await);
    behind(&house, SKEW, house.get("/userinfo").bearer(&tokens.access_token).send()).await.expect(200);
    behind(&house, SKEW, house.refreshing(tokens.refresh()).basic("web").send()).await.tokens();
}

#[tokio::test]
async fn f19_who_signs_in_at_one_node_is_signed_in_at_a_node_a_minute_behind() {
    let house = TestApp::furnished().await;
    house.change_client("web", |web| web.policy.consent = haechi::model::client::ConsentPolicy::FirstParty).await;
    let person = house.user("minji@example.com").await;
    let mut browser = house.browser();
    let ask = Ask::of("web").with("redirect_uri", REDIRECT).url();
    let login = browser.get(&ask).await;
    let filled = [("email", person.email.as_str()), ("password", PASSWORD)];
    let page = behind(&house, SKEW, browser.submit(&login, "login", &filled)).await;
    assert!(page.answer().contains_key("code"), "{}", page.body);
    let page = behind(&house, SKEW, browser.get(&ask)).await;
    assert!(page.answer().contains_key("code"), "{}", page.body);
}

#[tokio::test]
async fn f19_a_clock_that_is_set_back_brings_nothing_back() {
    let house = TestApp::furnished().await;
    let code = house.code("web", "openid offline_access").await;
    let spent = house.code("web", "openid").await;
    house.redeeming(&spent).basic("web").send().await.tokens();
    let tokens = house.redeeming(&code).basic("web").send().await.tokens();
    house.pass(1);
    let next = house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
    let revoked = house.tokens("openid offline_access").await;
    house.post("/revoke").basic("web").form(&[("token", revoked.refresh())]).send().await;
    let now = house.now().seconds();
    let assertion = house.party.token(
        json!({}),
        &json!({ "iss": "signer", "sub": "signer", "aud": ISSUER, "exp": now + 60, "iat": now, "jti": "1" }),
    );
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form =
        [("grant_type", "client_credentials"), ("client_assertion_type", kind), ("client_assertion", &assertion)];
    house.post("/token").form(&form).send().await.tokens();
    house.pass(100);
    haechi::app::purge(&house.app).await.unwrap();

    // Everything is as fresh as it was.
    let set_back = SKEW;
    let error = behind(&house, set_back, house.redeeming(&spent).basic("web").send()).await;
    assert_eq!(error.error(400), "invalid_grant");
    let error = behind(&house, set_back, house.refreshing(revoked.refresh()).basic("web").send()).await;
    assert_eq!(error.error(400), "invalid_grant");
    assert!(!behind(&house, set_back, house.is_active(&revoked.access_token)).await);
    let error = behind(&house, set_back, house.post("/token").form(&form).send()).await;
    assert_eq!(error.error(401), "invalid_client");
    // A refresh token that was replaced, and whose successor was used.
    house.refreshing(next.refresh()).basic("web").send().await.tokens();
    let error = behind(&house, set_back, house.refreshing(tokens.refresh()).basic("web").send()).await;
    assert_eq!(error.error(400), "invalid_grant");
}
