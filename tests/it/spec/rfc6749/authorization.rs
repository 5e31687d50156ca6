//! Section 4.1: the authorization code grant, its first half.

use axum::http::StatusCode;
use haechi::model::client::ConsentPolicy;
use haechi::protocol::ScopeSet;

use crate::support::app::{CALLBACK, TestApp, redirect_uri};
use crate::support::ask::Ask;

#[tokio::test]
async fn section_4_1_2_the_answer_has_the_code_and_the_exact_state() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").url()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.location().unwrap().starts_with(&format!("{CALLBACK}?")));
    let answer = page.answer();
    assert_eq!(answer["state"], "xyz");
    assert!(answer["code"].starts_with("hcode_"));
}

#[tokio::test]
async fn section_3_1_the_endpoint_must_support_get_and_may_support_post() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let posted = browser.post_from_elsewhere("/authorize", &Ask::of("app").fields()).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    let page = browser.follow(posted).await;
    assert!(page.answer().contains_key("code"));
}

/// OpenID Connect Core 1.0 section 3.1.2.1: parameters are serialized "using Query String Serialization" for GET and "Form Serialization" for
/// POST. A URI in the query that a filter in front has seen is not the one in the body that counts here.
#[tokio::test]
async fn section_3_1_a_form_with_a_query_beside_it_is_a_page_that_says_so() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let ask = Ask::of("app");
    for beside in
        ["redirect_uri=https%3A%2F%2Fapp.example%2Fcb", "redirect_uri=https%3A%2F%2Fevil.example", "x=1", "%zz"]
    {
        let page = browser.post_once(&format!("/authorize?{beside}"), &ask.fields()).await;
        assert_eq!((page.status, page.problem().as_str()), (StatusCode::BAD_REQUEST, "bad-request"), "{beside}");
        assert_eq!(page.location(), None, "{beside}");
        let page = browser.post_from_elsewhere(&format!("/authorize?{beside}"), &ask.fields()).await;
        assert_eq!((page.status, page.location()), (StatusCode::BAD_REQUEST, None), "{beside}");
        let page = browser.post_once(&format!("/logout?{beside}"), &[("client_id", "app")]).await;
        assert_eq!((page.status, page.location()), (StatusCode::BAD_REQUEST, None), "{beside}");
    }
    assert!(browser.post_once("/authorize?", &ask.fields()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn section_3_1_parameters_must_not_be_included_more_than_once() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let page = app.browser().get_once(&format!("{}&scope=openid", Ask::of("app").url())).await;
    assert_eq!((page.status, page.problem().as_str()), (StatusCode::BAD_REQUEST, "bad-request"));
    assert_eq!(page.location(), None);
}

#[tokio::test]
async fn section_3_1_unrecognized_request_parameters_must_be_ignored() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    assert!(browser.get(&Ask::of("app").with("whatever", "1").url()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn section_3_1_1_a_missing_or_unknown_response_type_is_an_error_for_the_app() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.browser();
    assert_eq!(browser.get(&Ask::of("app").without("response_type").url()).await.error(), "invalid_request");
    for other in ["token", "code token", "id_token", "CODE"] {
        let page = browser.get(&Ask::of("app").with("response_type", other).url()).await;
        assert_eq!(page.error(), "unsupported_response_type", "{other}");
        assert_eq!(page.answer()["state"], "xyz");
    }
}

#[tokio::test]
async fn section_3_1_2_3_a_single_registered_uri_may_be_left_out_by_an_oauth_request() {
    let app = TestApp::new().await;
    let two = |client: &mut haechi::model::Client| {
        client.redirects.uris.push(redirect_uri("https://app.example/other"));
        client.policy.consent = ConsentPolicy::FirstParty;
    };
    app.first_party("one").await;
    app.client("two", two).await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let left_out = |client| Ask::of(client).without("redirect_uri").with("scope", "profile").url();
    assert!(browser.get(&left_out("one")).await.location().unwrap().starts_with(CALLBACK));
    assert_eq!(browser.get(&left_out("two")).await.problem(), "redirect-uri");
    let openid = Ask::of("one").without("redirect_uri").url();
    assert_eq!(browser.get(&openid).await.problem(), "redirect-uri");
}

#[tokio::test]
async fn section_4_1_2_1_a_client_that_may_not_use_codes_is_unauthorized() {
    let app = TestApp::new().await;
    app.client("service", |client| client.policy.grant_types = Vec::new()).await;
    assert_eq!(app.browser().get(&Ask::of("service").url()).await.error(), "unauthorized_client");
}

#[tokio::test]
async fn section_3_3_scope_that_is_not_for_the_client_is_ignored_and_the_client_informed_of_the_actual_scope() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for (asked, granted) in [
        ("openid email admin https://graph.example/.default", "openid email"),
        ("groups openid", "openid"),
        ("profile orders:read", "profile"),
    ] {
        let answer = browser.get(&Ask::of("app").with("scope", asked).url()).await.answer();
        assert_eq!(app.redeem("app", &answer["code"]).await["scope"], granted, "{asked}");
    }
}

#[tokio::test]
async fn section_3_3_a_request_that_would_be_ignored_as_a_whole_is_invalid_as_no_scope_cannot_be_told() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.client("plain", |client| {
        client.policy.scopes = ScopeSet::parse("orders:read").unwrap();
        client.policy.consent = ConsentPolicy::FirstParty;
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    // OpenID Connect Core 1.0 section 3.1.3.3: an answer to `openid` without an ID token is none.
    for (client, scope) in
        [("app", "admin"), ("app", "admin groups"), ("plain", "openid"), ("plain", "openid orders:read")]
    {
        let page = browser.get(&Ask::of(client).with("scope", scope).url()).await;
        assert_eq!(page.error(), "invalid_scope", "{client} {scope}");
    }
    let answer = browser.get(&Ask::of("plain").with("scope", "orders:read email").url()).await.answer();
    assert_eq!(app.redeem("plain", &answer["code"]).await["scope"], "orders:read");
}

#[tokio::test]
async fn section_4_1_2_1_a_malformed_scope_is_invalid() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    for scope in ["openid \"x\"", "openid 한"] {
        let page = app.browser().get(&Ask::of("app").with("scope", scope).url()).await;
        assert_eq!(page.error(), "invalid_scope", "{scope}");
        let description = &page.answer()["error_description"];
        assert!(description.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E)), "{description}");
    }
}

#[tokio::test]
async fn section_3_1_2_the_query_of_the_redirect_uri_must_be_retained() {
    let app = TestApp::new().await;
    let uri = "https://app.example/cb?tenant=7";
    app.client("app", |client| {
        client.redirects.uris = vec![redirect_uri(uri)];
        client.policy.consent = ConsentPolicy::FirstParty;
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").with("redirect_uri", uri).url()).await;
    assert!(page.location().unwrap().starts_with("https://app.example/cb?tenant=7&code="));
}
