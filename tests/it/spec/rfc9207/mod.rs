//! RFC 9207: OAuth 2.0 Authorization Server Issuer Identification.

use crate::support::app::{ISSUER, TestApp};
use crate::support::ask::Ask;

#[tokio::test]
async fn section_2_iss_is_in_every_authorization_response_error_responses_included() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let good = browser.get(&Ask::of("app").url()).await.answer();
    assert!(good.contains_key("code"));
    assert_eq!(good["iss"], ISSUER);
    for bad in
        [Ask::of("app").with("response_type", "token"), Ask::of("app").with("prompt", "none").with("max_age", "x")]
    {
        let answer = browser.get(&bad.url()).await.answer();
        assert!(answer.contains_key("error"));
        assert_eq!(answer["iss"], ISSUER);
    }
}

#[tokio::test]
async fn section_2_iss_is_in_a_posted_answer_too() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").with("response_mode", "form_post").url()).await;
    assert_eq!(page.form("form-post").field("iss"), Some(ISSUER));
}

#[tokio::test]
async fn section_3_the_metadata_says_so() {
    let app = TestApp::new().await;
    let page = app.browser().get("/.well-known/openid-configuration").await;
    let metadata: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert_eq!(metadata["issuer"], ISSUER);
}
