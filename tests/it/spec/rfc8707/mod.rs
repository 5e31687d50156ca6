//! RFC 8707: Resource Indicators, at the authorization endpoint (section 2.1) and at the token endpoint (section 2.2).

use haechi::model::client::ConsentPolicy;
use haechi::protocol::resource::Resource;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::furnished::{API, Furnished, ISSUER, open};

mod apis;

const OTHER: &str = "https://other.example";

fn resources(texts: &[&str]) -> Vec<Resource> {
    texts.iter().map(|text| Resource::parse(text).unwrap()).collect()
}

/// A code of `web`, which is registered for both resources, to which these were granted.
async fn code(house: &Furnished, scope: &str, granted: &[&str]) -> String {
    house.change_client("web", |web| web.policy.resources = resources(&[API, OTHER])).await;
    let mut grant = house.granting("web", scope);
    grant.terms.resources = resources(granted);
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

/// What was granted is asked again whenever it is used, as it is with scopes: an administrator who takes a resource from a client takes it from
/// the grants that it has, too.
#[tokio::test]
async fn s2_2_a_resource_that_a_client_loses_is_in_no_token_of_earlier_grants() {
    let house = TestApp::furnished().await;
    let not_redeemed = code(&house, "openid offline_access", &[API, OTHER]).await;
    let without_openid = code(&house, "read offline_access", &[OTHER]).await;
    let without_openid = house.redeeming(&without_openid).basic("web").send().await.tokens();
    let redeemed = code(&house, "openid offline_access", &[API, OTHER]).await;
    let tokens = house.redeeming(&redeemed).basic("web").send().await.tokens();
    house.change_client("web", |web| web.policy.resources = resources(&[API])).await;

    let refused = house.refreshing(tokens.refresh()).form(&[("resource", OTHER)]).basic("web").send().await;
    assert_eq!(refused.error(400), "invalid_target");
    let renewed = house.refreshing(tokens.refresh()).basic("web").send().await.tokens();
    assert_eq!(open(&renewed.access_token).1["aud"], json!([API, ISSUER]));
    let first = house.redeeming(&not_redeemed).basic("web").send().await.tokens();
    assert_eq!(open(&first.access_token).1["aud"], json!([API, ISSUER]));
    let nothing_left = house.refreshing(without_openid.refresh()).basic("web").send().await.tokens();
    assert_eq!(open(&nothing_left.access_token).1["aud"], json!(ISSUER));
}

#[tokio::test]
async fn s2_2_a_client_that_acts_for_itself_names_one_of_its_resources() {
    let house = TestApp::furnished().await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let tokens = house.post("/token").basic("worker").form(&form).send().await.tokens();
    assert_eq!(open(&tokens.access_token).1["aud"], json!(API));
}

/// A house with a first-party app that is registered for these resources, and a browser that is signed in.
async fn registered_for(registered: &[&str]) -> (TestApp, Browser) {
    let app = TestApp::new().await;
    app.client("app", |client| {
        client.policy.consent = ConsentPolicy::FirstParty;
        client.policy.resources = resources(registered);
    })
    .await;
    let browser = app.signed_in(&app.user("kim@example.com").await).await;
    (app, browser)
}

/// The `aud` of the access token that a request leads to.
async fn audience_of(app: &TestApp, browser: &mut Browser, ask: &Ask) -> serde_json::Value {
    let answer = browser.get(&ask.url()).await.answer();
    let tokens = app.redeem("app", &answer["code"]).await;
    open(tokens["access_token"].as_str().unwrap()).1["aud"].clone()
}

#[tokio::test]
async fn s2_without_the_parameter_the_one_registered_resource_is_the_predefined_default() {
    let ask = Ask::of("app");
    let (app, mut browser) = registered_for(&[API]).await;
    assert_eq!(audience_of(&app, &mut browser, &ask).await, json!([API, ISSUER]));
    // Of several, none goes without saying.
    let (app, mut browser) = registered_for(&[API, OTHER]).await;
    assert_eq!(audience_of(&app, &mut browser, &ask).await, json!(ISSUER));
    assert_eq!(audience_of(&app, &mut browser, &ask.with("resource", OTHER)).await, json!([OTHER, ISSUER]));
}

#[tokio::test]
async fn audience_means_resource_and_both_must_mean_the_same() {
    let (app, mut browser) = registered_for(&[API, OTHER]).await;
    let asked = Ask::of("app").with("audience", OTHER);
    assert_eq!(audience_of(&app, &mut browser, &asked).await, json!([OTHER, ISSUER]));
    assert_eq!(audience_of(&app, &mut browser, &asked.clone().with("resource", OTHER)).await, json!([OTHER, ISSUER]));
    assert_eq!(browser.get(&asked.with("resource", API).url()).await.error(), "invalid_target");
    let unknown = Ask::of("app").with("audience", "https://unknown.example");
    assert_eq!(browser.get(&unknown.url()).await.error(), "invalid_target");

    let house = TestApp::furnished().await;
    let form = |more| [("grant_type", "client_credentials"), ("audience", API), more];
    let same = house.post("/token").basic("worker").form(&form(("resource", API))).send().await.tokens();
    assert_eq!(open(&same.access_token).1["aud"], json!(API));
    let different = house.post("/token").basic("worker").form(&form(("resource", OTHER))).send().await;
    assert_eq!(different.error(400), "invalid_target");
}

/// RFC 3986 section 6.2.3: an empty path equals `/`. What was registered is what is issued, and what granted tokens are found by.
#[tokio::test]
async fn an_empty_path_equals_a_slash_and_what_was_registered_is_issued() {
    let slash = format!("{API}/");
    let (app, mut browser) = registered_for(&[API]).await;
    assert_eq!(audience_of(&app, &mut browser, &Ask::of("app").with("resource", &slash)).await, json!([API, ISSUER]));
    let other_path = Ask::of("app").with("resource", &format!("{API}/v1"));
    assert_eq!(browser.get(&other_path.url()).await.error(), "invalid_target");

    let house = TestApp::furnished().await;
    let code = code(&house, "openid", &[API]).await;
    let token = house.redeeming(&code).form(&[("resource", &slash)]).basic("web").send().await.tokens().access_token;
    assert_eq!(open(&token).1["aud"], json!(API));
    house.change_client("api", |api| api.policy.serves = vec![Resource::parse(&slash).unwrap()]).await;
    let told = house.post("/introspect").basic("api").form(&[("token", &token)]).send().await.expect(200);
    assert_eq!((&told["active"], &told["aud"]), (&json!(true), &json!(API)));
}
