//! The provider's tokens, where a connection keeps them: from the return to the store and to whom it may concern.

use haechi::admin::Authority;
use haechi::admin::connections::{self, ConnectionResource};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::connection::Slug;
use haechi::upstream::provider_tokens::{self, TokenResponseReceived};
use serde_json::json;

use super::{Abroad, is_signed_in};
use crate::support::app::PASSWORD;
use crate::support::emulator::Said;
use crate::support::emulator::providers::{Person, named};

/// A house that keeps the tokens of a preset.
async fn keeping(preset: &str) -> Abroad {
    let abroad = Abroad::new().await;
    abroad.connect(preset, preset, |connection| connection.keep_tokens = true).await;
    abroad
}

/// What is kept of somebody's only link.
async fn kept_of(abroad: &Abroad, user: &User) -> Option<TokenResponseReceived> {
    let links = abroad.links(user).await;
    assert_eq!(links.len(), 1);
    provider_tokens::open(&abroad.app.app.upstream.sealer, &links[0])
}

#[tokio::test]
async fn they_are_kept_sealed_from_the_sign_up_on_and_renewed_at_each_use() {
    let abroad = keeping("google").await;
    abroad.emulator.say(Said::Token, json!({ "refresh_token": "canary" }));
    abroad.go(&mut abroad.app.browser(), "google").await;
    let kim = abroad.user("minji.kim@gmail.com").await.unwrap();
    let first = kept_of(&abroad, &kim).await.unwrap();
    assert_eq!(first.answer["refresh_token"], "canary");
    assert!(first.answer["id_token"].as_str().unwrap().split('.').count() == 3);
    let sealed = abroad.links(&kim).await.remove(0).tokens.unwrap().0;
    assert!(!sealed.windows(6).any(|window| window == b"canary"));
    // Google issues a refresh token with the consent only.
    abroad.emulator.say(Said::Token, json!({ "refresh_token": null }));
    abroad.app.clock.advance(std::time::Duration::from_mins(1));
    abroad.go(&mut abroad.app.browser(), "google").await;
    let second = kept_of(&abroad, &kim).await.unwrap();
    assert_eq!(second.answer["refresh_token"], "canary");
    assert_ne!(second.answer["access_token"], first.answer["access_token"]);
    assert!(second.received_at > first.received_at);
}

#[tokio::test]
async fn they_wait_with_the_person_who_has_to_prove_an_account() {
    let abroad = keeping("google").await;
    abroad.emulator.say(Said::Token, json!({ "refresh_token": "canary" }));
    abroad.emulator.seat("google", Person { email: "alice@gmail.com", ..named("google").person });
    let alice = abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    assert!(!page.body.contains("canary"));
    browser.submit(&page, "confirm", &[("password", PASSWORD)]).await;
    assert!(is_signed_in(&browser));
    assert_eq!(kept_of(&abroad, &alice).await.unwrap().answer["refresh_token"], "canary");
}

#[tokio::test]
async fn none_is_kept_unless_it_was_asked_for_and_none_is_left_when_it_no_longer_is() {
    let abroad = Abroad::to("google").await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let kim = abroad.user("minji.kim@gmail.com").await.unwrap();
    assert!(abroad.links(&kim).await.remove(0).tokens.is_none());
    let keep = async |keep: bool| {
        let edit = ConnectionResource { keep_tokens: Some(keep), ..ConnectionResource::default() };
        let slug = Slug::parse("google").unwrap();
        connections::update(&abroad.app.app.admin, &Authority::operator(), &slug, &edit).await.unwrap();
    };
    keep(true).await;
    abroad.go(&mut abroad.app.browser(), "google").await;
    assert!(kept_of(&abroad, &kim).await.is_some());
    keep(false).await;
    assert!(abroad.links(&kim).await.remove(0).tokens.is_none());
}

#[tokio::test]
async fn whoever_reads_them_is_noted_without_what_they_read() {
    let abroad = keeping("google").await;
    abroad.emulator.say(Said::Token, json!({ "refresh_token": "canary" }));
    abroad.go(&mut abroad.app.browser(), "google").await;
    let kim = abroad.user("minji.kim@gmail.com").await.unwrap();
    let bob = abroad.app.user("bob@example.com").await;
    let slug = Slug::parse("google").unwrap();
    let read = async |user: &User| {
        let views = connections::tokens(&abroad.app.app.admin, &Authority::operator(), &slug, user.id).await.unwrap();
        serde_json::to_value(views).unwrap()
    };
    let views = read(&kim).await;
    assert_eq!(views[0]["answer"]["refresh_token"], "canary");
    assert_eq!(views[0]["subject"], abroad.links(&kim).await[0].identity.subject.as_str());
    assert_eq!(read(&bob).await, json!([]));
    let noted = abroad.app.audit(AuditKind::UpstreamTokensRead).await;
    assert_eq!(noted.len(), 2);
    assert!(noted.iter().any(|event| event.user == Some(kim.id)));
    assert!(!format!("{noted:?}").contains("canary"));
}

#[tokio::test]
async fn none_is_kept_of_a_link_that_waited_when_the_connection_stopped_to_keep_them() {
    let abroad = keeping("google").await;
    abroad.emulator.say(Said::Token, json!({ "refresh_token": "canary" }));
    abroad.emulator.seat("google", Person { email: "alice@gmail.com", ..named("google").person });
    let alice = abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    let edit = ConnectionResource { keep_tokens: Some(false), ..ConnectionResource::default() };
    let slug = Slug::parse("google").unwrap();
    connections::update(&abroad.app.app.admin, &Authority::operator(), &slug, &edit).await.unwrap();
    browser.submit(&page, "confirm", &[("password", PASSWORD)]).await;
    assert!(is_signed_in(&browser));
    assert!(abroad.links(&alice).await.remove(0).tokens.is_none());
}
