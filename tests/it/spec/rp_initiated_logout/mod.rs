//! OpenID Connect RP-Initiated Logout 1.0.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::User;

use crate::support::app::{TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::Browser;

mod retired_keys;

const BYE: &str = "https://app.example/bye";

async fn house() -> (TestApp, User) {
    let app = TestApp::new().await;
    app.client("app", |client| {
        client.policy.consent = haechi::model::client::ConsentPolicy::FirstParty;
        client.redirects.post_logout_uris = vec![redirect_uri(BYE)];
    })
    .await;
    let user = app.user("kim@example.com").await;
    (app, user)
}

fn logout(pairs: &[(&str, &str)]) -> String {
    format!("/logout?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get(&Ask::of("app").with("prompt", "none").url()).await.answer().contains_key("code")
}

#[tokio::test]
async fn section_2_a_logout_with_a_hint_ends_the_sign_in_and_returns_with_the_state() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let ask = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a&b")];
    let page = browser.get(&logout(&ask)).await;
    assert_eq!(page.location().unwrap(), format!("{BYE}?state=a%26b"));
    assert!(page.header("clear-site-data").is_some());
    assert!(browser.cookie(browser.session_cookie_name()).is_none());
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn section_3_without_a_state_none_is_returned() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let page = browser.get(&logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)])).await;
    assert_eq!(page.location().unwrap(), BYE);
}

#[tokio::test]
async fn section_2_the_op_must_support_get_and_post() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
    let posted = browser.post_from_elsewhere("/logout", &fields).await;
    let page = browser.follow(posted).await;
    assert_eq!(page.location().unwrap(), BYE);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn section_2_an_expired_hint_is_accepted() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    app.clock.advance(Duration::from_hours(5));
    browser.get(&logout(&[("id_token_hint", &hint)])).await;
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn section_2_a_hint_of_another_client_than_client_id_is_refused() {
    let (app, user) = house().await;
    app.first_party("other").await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let page = browser.get(&logout(&[("id_token_hint", &hint), ("client_id", "other")])).await;
    assert_eq!((page.status, page.problem().as_str()), (StatusCode::BAD_REQUEST, "bad-request"));
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn section_2_without_a_hint_the_person_is_asked() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let page = browser.get(&logout(&[("client_id", "app"), ("post_logout_redirect_uri", BYE), ("state", "s")])).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("logout") && page.has("confirm"));
    assert!(is_signed_in(&mut browser).await);
    let done = browser.submit(&page, "logout", &[]).await;
    assert_eq!(done.location().unwrap(), format!("{BYE}?state=s"));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn section_2_whoever_is_signed_out_already_just_returns() {
    let (app, user) = house().await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let ask = logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)]);
    assert_eq!(app.browser().get(&ask).await.location().unwrap(), BYE);
    assert!(app.browser().get("/logout").await.has("signed-out"));
}

#[tokio::test]
async fn only_the_person_of_the_hint_is_signed_out() {
    let (app, kim) = house().await;
    let mut browser = app.signed_in(&kim).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    app.sign_in(&mut browser, &app.user("lee@example.com").await).await;
    browser.get(&logout(&[("id_token_hint", &hint)])).await;
    let left = app.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    assert_eq!(left.sign_ins.len(), 1);
    assert_ne!(left.sign_ins[0].user, kim.id);
}
