//! OpenID Connect RP-Initiated Logout 1.0.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::{Client, ClientId, User};
use haechi::store::Change;

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

/// What an app's server does at its own sign-out (oauth2-proxy among others): it has the ID token, and no cookie of ours.
#[tokio::test]
async fn section_2_a_valid_hint_without_a_cookie_ends_the_session_that_it_names_and_no_other() {
    let (app, kim) = house().await;
    let mut browser = app.signed_in(&kim).await;
    let mut elsewhere = app.signed_in(&kim).await;
    let (hint, claims) = app.id_token_in(&mut browser, "app").await;
    let offline = browser.get(&Ask::of("app").with("scope", "openid").url()).await.answer();
    let tokens = app.redeem("app", &offline["code"]).await;
    app.get(&logout(&[("id_token_hint", &hint)])).send().await;
    assert!(!is_signed_in(&mut browser).await && is_signed_in(&mut elsewhere).await);
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(app.get("/userinfo").bearer(access_token).send().await.status, 401, "what rests on it has ended");
    let log = app.audit(AuditKind::SignedOut).await;
    assert_eq!((log[0].user, &log[0].actor), (Some(kim.id), &Actor::Anonymous));
    assert_eq!(log[0].client.as_ref().map(ClientId::as_str), Some("app"));
    assert!(log[0].detail.as_ref().unwrap().contains(claims["sid"].as_str().unwrap()));
    // Once: repeating it ends and writes nothing.
    app.get(&logout(&[("id_token_hint", &hint)])).send().await;
    assert_eq!(app.audit(AuditKind::SignedOut).await.len(), 1);
    assert!(is_signed_in(&mut elsewhere).await);
}

#[tokio::test]
async fn section_6_without_a_valid_hint_a_request_without_a_cookie_ends_nothing() {
    let (app, kim) = house().await;
    app.first_party("other").await;
    let mut browser = app.signed_in(&kim).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let code = browser.get(&Ask::of("app").url()).await.answer()["code"].clone();
    let access_token = app.redeem("app", &code).await["access_token"].as_str().unwrap().to_owned();
    let forged = format!("{}AAAA", &hint[..hint.len() - 4]);
    for pairs in [
        &[("id_token_hint", forged.as_str())][..],
        &[("id_token_hint", access_token.as_str())],
        &[("id_token_hint", &hint), ("client_id", "other")],
        &[("client_id", "app")],
    ] {
        app.get(&logout(pairs)).send().await;
        assert!(is_signed_in(&mut browser).await, "{pairs:?}");
    }
    let disabled = app.app.stores.clients.find(&ClientId::parse("app").unwrap()).await.unwrap().unwrap();
    app.commit(vec![Change::UpdateClient(Client { enabled: false, ..disabled })]).await;
    app.app.clients.poll().await.unwrap();
    app.get(&logout(&[("id_token_hint", &hint)])).send().await;
    let session = app.app.flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
    assert_eq!(session.sign_ins.len(), 1, "a hint of a client that is switched off counts for nothing");
}

#[tokio::test]
async fn section_2_with_another_session_in_the_browser_the_end_user_is_asked_and_the_hints_session_goes_on() {
    let (app, kim) = house().await;
    let mut browser = app.signed_in(&kim).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    let mut other = app.signed_in(&app.user("lee@example.com").await).await;
    let page = other.get(&logout(&[("id_token_hint", &hint)])).await;
    assert!(page.has("logout") && page.has("confirm"));
    assert!(is_signed_in(&mut browser).await && is_signed_in(&mut other).await);
}
