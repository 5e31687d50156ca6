//! From the authorization request of a signed-in person to the end of its tokens, nothing put into the store by hand.

use haechi::model::client::ConsentPolicy;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::furnished::{Furnished, ISSUER, REDIRECT, open};

fn ask() -> Ask {
    let ask = Ask::of("web").with("redirect_uri", REDIRECT).with("scope", "openid email offline_access");
    ask.with("claims", r#"{"id_token":{"auth_time":{"essential":true}}}"#)
}

/// The code that a signed-in person's browser is sent back with.
async fn code(house: &Furnished, ask: &Ask) -> String {
    let mut browser = house.signed_in(&house.alice).await;
    let page = browser.get(&ask.url()).await;
    let location = Url::parse(&page.location().unwrap_or_else(|| panic!("{page:?}"))).unwrap();
    let answer: std::collections::HashMap<_, _> = location.query_pairs().into_owned().collect();
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", ISSUER));
    answer["code"].clone()
}

#[tokio::test]
async fn a_code_flow_from_end_to_end() {
    let house = TestApp::furnished().await;
    house.change_client("web", |web| web.policy.consent = ConsentPolicy::FirstParty).await;
    let code = code(&house, &ask()).await;
    let first = house.redeeming(&code).basic("web").send().await.tokens();
    let (_, id_token) = open(&first.id_token.clone().unwrap());
    assert_eq!(id_token["sub"], house.alice.id.to_string());
    assert_eq!(id_token["nonce"], "n-0S6");
    assert_eq!(id_token["auth_time"], house.now().seconds());
    let person = house.get("/userinfo").bearer(&first.access_token).send().await.expect(200);
    assert_eq!(person["email"], "alice@example.com");
    assert!(house.is_active(&first.access_token).await);
    // Without prompt=consent there is no offline access, so no refresh token.
    assert_eq!(
        first.scope.as_deref().map(|scope| scope.contains("offline_access")),
        Some(first.refresh_token.is_some())
    );
    let revoked = house.post("/revoke").basic("web").form(&[("token", &first.access_token)]).send().await;
    assert_eq!(revoked.status, 200);
    let gone = house.get("/userinfo").bearer(&first.access_token).send().await;
    assert_eq!(gone.expect(401)["error"], json!("invalid_token"));
}

#[tokio::test]
async fn ssrf_011_a_request_uri_is_not_fetched() {
    let house = TestApp::furnished().await;
    let sink = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/r", sink.local_addr().unwrap());
    let mut browser = house.signed_in(&house.alice).await;
    for name in ["request_uri", "sector_identifier_uri", "logo_uri"] {
        browser.get(&ask().with(name, &uri).url()).await;
    }
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), sink.accept()).await;
    assert!(waited.is_err(), "something was fetched");
}
