//! RFC 8707: Resource Indicators, at the token endpoint (section 2.2).

use haechi::protocol::resource::Resource;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::furnished::{API, Furnished, ISSUER, open};

const OTHER: &str = "https://other.example";

async fn code(house: &Furnished, scope: &str, resources: &[&str]) -> String {
    let mut grant = house.granting("web", scope);
    grant.terms.resources = resources.iter().map(|text| Resource::parse(text).unwrap()).collect();
    house.store(grant).await
}

#[tokio::test]
async fn s2_2_the_audience_is_the_requested_part_of_what_was_granted() {
    let house = TestApp::furnished().await;
    let all = code(&house, "openid offline_access", &[API, OTHER]).await;
    let tokens = house.redeeming(&all).basic("web").send().await.tokens();
    assert_eq!(open(&tokens.access_token).1["aud"], json!([API, OTHER, ISSUER]));
    let narrowed = house.refreshing(tokens.refresh()).form(&[("resource", API)]).basic("web").send().await.tokens();
    assert_eq!(open(&narrowed.access_token).1["aud"], json!(API));
    let both = house.refreshing(narrowed.refresh()).form(&[("resource", API), ("resource", ISSUER)]).basic("web");
    assert_eq!(open(&both.send().await.tokens().access_token).1["aud"], json!([API, ISSUER]));
}

#[tokio::test]
async fn s2_2_what_was_not_granted_is_an_invalid_target() {
    let house = TestApp::furnished().await;
    for (granted, asked) in [(&[API][..], OTHER), (&[], API), (&[API], "not a uri"), (&[API], "https://api.example#x")]
    {
        let code = code(&house, "openid", granted).await;
        let answer = house.redeeming(&code).form(&[("resource", asked)]).basic("web").send().await;
        assert_eq!(answer.error(400), "invalid_target", "{asked}");
        // The code is not lost over it.
        house.redeeming(&code).basic("web").send().await.tokens();
    }
}

#[tokio::test]
async fn s2_2_a_client_that_acts_for_itself_names_one_of_its_resources() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let tokens = house.post("/token").basic("worker").form(&form).send().await.tokens();
    assert_eq!(open(&tokens.access_token).1["aud"], json!(API));
}
