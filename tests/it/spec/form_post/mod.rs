//! OAuth 2.0 Form Post Response Mode.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::Ask;

#[tokio::test]
async fn section_2_the_answer_is_posted_to_the_redirect_uri_as_form_fields() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").with("response_mode", "form_post").url()).await;
    assert_eq!(page.status, StatusCode::OK);
    let form = page.form("form-post");
    assert_eq!((form.method.as_str(), form.action.as_str()), ("post", CALLBACK));
    assert!(form.field("code").unwrap().starts_with("hcode_"));
    assert_eq!(form.field("state"), Some("xyz"));
    assert!(page.header("content-security-policy").unwrap().contains("form-action 'self' https://app.example;"));
}

#[tokio::test]
async fn section_2_errors_travel_the_same_way() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("response_mode", "form_post").with("prompt", "none");
    let form = app.browser().get(&ask.url()).await.form("form-post");
    assert_eq!(form.field("error"), Some("login_required"));
    assert_eq!(form.field("state"), Some("xyz"));
}

#[tokio::test]
async fn section_4_the_answer_is_not_cached() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("response_mode", "form_post").with("prompt", "none");
    assert_eq!(app.browser().get(&ask.url()).await.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_form_goes_without_a_script_too() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let ask = Ask::of("app").with("response_mode", "form_post").with("prompt", "none");
    let page = app.browser().get(&ask.url()).await;
    let button = scraper::Selector::parse("form#form-post button, form#form-post input[type=submit]").unwrap();
    assert!(page.html().select(&button).next().is_some());
}

/// A client that puts its parameters into a request object expects a refusal of it where and how the object says.
#[tokio::test]
async fn a_refused_request_object_is_answered_by_the_mode_and_with_the_state_that_it_carries() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let claims = json!({
        "response_mode": "form_post", "state": "in the object", "redirect_uri": "https://evil.example/cb",
        "client_id": "other", "nonce": "n",
    });
    let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let object = format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims));
    let ask = Ask::of("app").without("state").with("request", &object);
    let form = app.browser().get(&ask.url()).await.form("form-post");
    assert_eq!(form.action, CALLBACK);
    assert_eq!(form.field("error"), Some("request_not_supported"));
    assert_eq!(form.field("state"), Some("in the object"));
    // Where it may be sent is never the object's to say.
    let elsewhere = ask.clone().with("redirect_uri", "https://evil.example/cb").url();
    assert_eq!(app.browser().get(&elsewhere).await.problem(), "redirect-uri");
    assert_eq!(app.browser().get(&ask.without("redirect_uri").url()).await.problem(), "redirect-uri");
}
