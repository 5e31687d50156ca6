//! RFC 8252: OAuth 2.0 for Native Apps.

use haechi::model::client::{ClientKind, ConsentPolicy};

use crate::support::app::{TestApp, redirect_uri};
use crate::support::ask::{Ask, VERIFIER};

#[tokio::test]
async fn section_7_3_the_authorization_server_must_allow_any_port_of_a_loopback_address() {
    let app = TestApp::new().await;
    app.client("cli", |client| {
        client.kind = ClientKind::Native;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri("http://127.0.0.1/cb"), redirect_uri("http://[::1]/cb")];
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for uri in ["http://127.0.0.1:49152/cb", "http://[::1]:1/cb", "http://127.0.0.1/cb"] {
        let page = browser.get(&Ask::of("cli").with("redirect_uri", uri).url()).await;
        assert!(page.location().unwrap().starts_with(&format!("{uri}?code=")), "{uri}");
    }
}

/// "While redirect URIs using localhost (i.e., "http://localhost:{port}/{path}") function similarly to loopback IP redirects described in
/// Section 7.3, the use of localhost is NOT RECOMMENDED."
#[tokio::test]
async fn section_8_3_localhost_functions_similarly_to_a_loopback_address() {
    let app = TestApp::new().await;
    app.client("cli", |client| {
        client.kind = ClientKind::Native;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri("http://localhost/cb")];
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let uri = "http://localhost:49152/cb";
    let answer = browser.get(&Ask::of("cli").with("redirect_uri", uri).url()).await;
    assert!(answer.location().unwrap().starts_with(&format!("{uri}?code=")));
    // The code is bound to the very URI of its request, the port included.
    let code = &answer.answer()["code"];
    let form =
        [("grant_type", "authorization_code"), ("client_id", "cli"), ("code", code), ("code_verifier", VERIFIER)];
    let redeemed = app.post("/token").form(&form).form(&[("redirect_uri", "http://localhost:49153/cb")]).send().await;
    assert_eq!(redeemed.error(400), "invalid_grant");
}

#[tokio::test]
async fn section_7_1_a_private_use_scheme_is_redirected_to() {
    let app = TestApp::new().await;
    let uri = "com.example.app:/oauth2redirect";
    app.client("phone", |client| {
        client.kind = ClientKind::Native;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.uris = vec![redirect_uri(uri)];
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("phone").with("redirect_uri", uri).url()).await;
    assert!(page.location().unwrap().starts_with("com.example.app:/oauth2redirect?code="));
}

#[tokio::test]
async fn section_8_6_a_request_whose_client_is_not_assured_is_not_processed_automatically() {
    let app = TestApp::new().await;
    let uri = "com.example.app:/cb";
    app.client("phone", |client| {
        client.kind = ClientKind::Native;
        client.redirects.uris = vec![redirect_uri(uri)];
    })
    .await;
    let user = app.user("kim@example.com").await;
    app.consented(&user, "phone", "openid").await;
    let mut browser = app.signed_in(&user).await;
    let silent = Ask::of("phone").with("redirect_uri", uri).with("prompt", "none");
    assert_eq!(browser.get(&silent.url()).await.error(), "consent_required");
}
