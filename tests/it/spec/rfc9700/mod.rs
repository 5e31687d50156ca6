//! RFC 9700: Best Current Practice for OAuth 2.0 Security.

mod pkce;
mod token_endpoint;

use axum::http::StatusCode;

use crate::support::app::TestApp;
use crate::support::ask::Ask;

#[tokio::test]
async fn section_2_1_1_metadata_says_which_pkce_methods_there_are() {
    let app = TestApp::new().await;
    let page = app.browser().get("/.well-known/oauth-authorization-server").await;
    let metadata: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
}

#[tokio::test]
async fn section_2_1_2_no_access_token_is_issued_in_the_authorization_response() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for implicit in ["token", "id_token", "id_token token", "code id_token", "none"] {
        let page = browser.get(&Ask::of("app").with("response_type", implicit).url()).await;
        assert_eq!(page.error(), "unsupported_response_type", "{implicit}");
    }
}

#[tokio::test]
async fn section_4_12_redirects_are_303() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    assert_eq!(browser.get(&Ask::of("app").url()).await.status, StatusCode::SEE_OTHER);
    let posted = browser.post_once("/authorize", &Ask::of("app").fields()).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn section_4_16_pages_are_not_framed() {
    let app = TestApp::new().await;
    let page = app.browser().get(&Ask::of("nobody").url()).await;
    assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
}

#[tokio::test]
async fn section_4_2_4_codes_leak_through_no_referrer_and_no_cache() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").url()).await;
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
}
