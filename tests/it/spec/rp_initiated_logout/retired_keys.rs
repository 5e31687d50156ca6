//! Hints that outlive the key that signed them.

use std::time::Duration;

use haechi::config::Config;
use haechi::keys::Rotation;
use haechi::model::User;
use haechi::model::client::{ConsentPolicy, SigningAlgorithm};
use haechi::support::id::KeyId;

use super::{BYE, is_signed_in, logout};
use crate::support::app::{TestApp, redirect_uri};
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::furnished::open;

const DAY: Duration = Duration::from_hours(24);

/// A house with the two algorithms that its tokens need: making RSA keys takes long.
async fn house(change: impl FnOnce(&mut Config)) -> (TestApp, User) {
    let app = TestApp::with(|config| {
        config.keys.algorithms = vec![SigningAlgorithm::ES256, SigningAlgorithm::RS256];
        change(config);
    })
    .await;
    app.client("app", |client| {
        client.policy.consent = ConsentPolicy::FirstParty;
        client.redirects.post_logout_uris = vec![redirect_uri(BYE)];
    })
    .await;
    let user = app.user("kim@example.com").await;
    (app, user)
}

/// Lets the next RSA key take over.
async fn rotate(app: &TestApp) {
    for _ in 0..2 {
        app.app.keys.tend().await.unwrap();
        app.clock.advance(Duration::from_mins(11));
    }
    let done = app.app.keys.rotate_now(Some(SigningAlgorithm::RS256), vec![]).await.unwrap();
    assert_eq!(done, [Rotation::Done(SigningAlgorithm::RS256)]);
}

/// Lets days pass, in which the browser is used and the keys are looked after.
async fn pass(app: &TestApp, browser: &mut Browser, days: u32) {
    for _ in 0..days {
        app.clock.advance(DAY);
        app.app.keys.tend().await.unwrap();
        assert!(is_signed_in(browser).await);
    }
}

fn kid(token: &str) -> KeyId {
    open(token).0["kid"].as_str().unwrap().parse().unwrap()
}

fn is_published(app: &TestApp, id: KeyId) -> bool {
    String::from_utf8_lossy(&app.app.keys.jwks().body).contains(&id.to_string())
}

fn is_listed(app: &TestApp, id: KeyId) -> bool {
    app.app.keys.list().iter().any(|key| key.id == id)
}

#[tokio::test]
async fn section_2_a_hint_counts_days_after_its_key_was_rotated_out() {
    let (app, user) = house(|_| {}).await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    rotate(&app).await;
    pass(&app, &mut browser, 3).await;
    assert!(!is_published(&app, kid(&hint)), "what it signed has expired");

    // OpenID Connect Core 1.0 section 3.1.2.1: `id_token_hint`.
    let silent = Ask::of("app").with("prompt", "none").with("id_token_hint", &hint);
    assert!(browser.get(&silent.url()).await.answer().contains_key("code"));
    let ask = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    assert_eq!(browser.get(&logout(&ask)).await.location().unwrap(), format!("{BYE}?state=s"));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_retired_key_vouches_for_nothing_but_hints() {
    let (app, user) = house(|_| {}).await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    rotate(&app).await;
    pass(&app, &mut browser, 2).await;
    let verified: Result<serde_json::Value, _> = app.app.keys.verify(&hint, haechi::keys::TokenType::IdToken);
    assert_eq!(verified, Err(haechi::keys::TokenRejected::UnknownKey));
}

#[tokio::test]
async fn a_retired_key_that_is_revoked_is_known_no_more() {
    let (app, user) = house(|_| {}).await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    rotate(&app).await;
    pass(&app, &mut browser, 2).await;
    app.app.keys.revoke(kid(&hint), vec![]).await.unwrap();
    // The end-user is asked, as without a hint.
    let page = browser.get(&logout(&[("id_token_hint", &hint)])).await;
    assert!(page.has("logout"), "{} {}", page.status, page.body);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_retired_key_goes_when_no_session_can_be_older() {
    let (app, user) = house(|config| {
        config.sessions.absolute_hours = 24 * 4;
        config.sessions.idle_hours = 24 * 4;
    })
    .await;
    let mut browser = app.signed_in(&user).await;
    let (hint, _) = app.id_token_in(&mut browser, "app").await;
    rotate(&app).await;
    pass(&app, &mut browser, 3).await;
    assert!(is_listed(&app, kid(&hint)));
    app.clock.advance(DAY + Duration::from_mins(2));
    app.app.keys.tend().await.unwrap();
    assert!(!is_listed(&app, kid(&hint)));
}
