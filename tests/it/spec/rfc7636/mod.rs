//! RFC 7636: Proof Key for Code Exchange, at the authorization endpoint.

use haechi::model::client::{ClientAuthentication, ClientKind, ConsentPolicy, PkcePolicy};

use crate::support::app::TestApp;
use crate::support::ask::Ask;

#[tokio::test]
async fn section_4_4_1_a_request_without_a_code_challenge_is_an_invalid_request() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let page =
        app.browser().get(&Ask::of("app").without("code_challenge").without("code_challenge_method").url()).await;
    assert_eq!(page.error(), "invalid_request");
    assert!(page.answer()["error_description"].contains("code_challenge"));
}

#[tokio::test]
async fn section_4_3_plain_is_not_supported_whether_said_or_implied() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let plain = Ask::of("app").with("code_challenge_method", "plain");
    let implied = Ask::of("app").without("code_challenge_method");
    for ask in [plain, implied] {
        assert_eq!(app.browser().get(&ask.url()).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn a_confidential_client_may_leave_it_out_unless_it_is_required() {
    let app = TestApp::new().await;
    app.client("legacy", |client| {
        client.kind = ClientKind::Web;
        client.authentication.method = ClientAuthentication::ClientSecretBasic;
        client.policy.consent = ConsentPolicy::FirstParty;
        client.policy.pkce = PkcePolicy::WhenSent;
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let without = Ask::of("legacy").without("code_challenge").without("code_challenge_method");
    assert!(browser.get(&without.url()).await.answer().contains_key("code"));
}
