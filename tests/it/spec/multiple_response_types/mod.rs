//! OAuth 2.0 Multiple Response Type Encoding Practices.

use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::Ask;

/// The parameters in the fragment of where an answer leads.
fn fragment(location: &str) -> Vec<(String, String)> {
    let (before, fragment) = location.split_once('#').unwrap_or_else(|| panic!("no fragment: {location}"));
    assert_eq!(before, CALLBACK, "nothing is in the query");
    form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn section_2_1_fragment_parameters_are_encoded_in_the_fragment_added_to_the_redirect_uri() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").with("response_mode", "fragment").with("state", "a b&c#d").url()).await;
    let answer = fragment(&page.location().unwrap());
    assert_eq!(answer.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["code", "state", "iss"]);
    assert_eq!(answer[1].1, "a b&c#d");
    let tokens = app.redeem("app", &answer[0].1).await;
    assert!(tokens["id_token"].is_string(), "{tokens}");
}

#[tokio::test]
async fn section_2_1_errors_travel_the_same_way() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("response_mode", "fragment").with("prompt", "none");
    let answer = fragment(&app.browser().get(&ask.url()).await.location().unwrap());
    assert_eq!(answer[0], ("error".to_owned(), "login_required".to_owned()));
}

#[tokio::test]
async fn section_2_1_the_modes_are_in_the_metadata() {
    let app = TestApp::new().await;
    let metadata = app.get("/.well-known/openid-configuration").send().await.expect(200);
    assert_eq!(metadata["response_modes_supported"], serde_json::json!(["query", "fragment", "form_post"]));
}
