//! Challenges of passkeys: how long they count, who is given another one, from where they are answered, and what an answer without the key or without a new challenge shows.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::audit_event::AuditKind;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::{Authenticator, BE, BS, UP, UV, options};
use crate::support::browser::{Browser, Page};

const ALICE: &str = "alice@example.com";

/// Alice has a passkey.
async fn house() -> (TestApp, Authenticator) {
    let house = TestApp::new().await;
    let alice = house.user(ALICE).await;
    let mut device = Authenticator::new(ISSUER, "alice");
    assert!(house.signed_in(&alice).await.add_passkey(&mut device, "phone").await.has("saved"));
    (house, device)
}

async fn login(house: &TestApp) -> (Browser, Page) {
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    (browser, page)
}

fn read(options: &str) -> Value {
    serde_json::from_str(options).unwrap()
}

fn refused(page: &Page) -> bool {
    page.status.is_client_error() && page.has("login") && page.has("problem")
}

#[tokio::test]
async fn pk_001_a_challenge_counts_for_five_minutes() {
    let (house, mut device) = house().await;
    for (seconds, counts) in [(299, true), (300, false)] {
        let (mut browser, page) = login(&house).await;
        let answer = device.get(&options(&page));
        house.clock.advance(Duration::from_secs(seconds));
        let sent = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
        assert_eq!((sent.has("account-name"), refused(&sent)), (counts, !counts), "{seconds}: {}", sent.body);
        // The page that says so asks anew.
        assert!(counts || browser.use_passkey(&sent, &mut device).await.has("account-name"));
    }
}

/// A page stands open for longer than a challenge counts: its script asks for another one, which is as good as the first one was.
#[tokio::test]
async fn pk_001_a_page_that_stood_open_is_given_another_challenge() {
    let (house, mut device) = house().await;
    let (mut browser, page) = login(&house).await;
    house.clock.advance(Duration::from_hours(3));
    let stale = device.get(&options(&page));
    let (again, ticket) = browser.ask_again(&page).await.unwrap();
    assert_ne!(read(&again)["challenge"], read(&options(&page))["challenge"]);
    // An answer to the old one is none to the new one.
    assert!(refused(&browser.submit(&page, "passkey", &[("answer", &stale), ("ticket", &ticket)]).await));
    let answer = device.get(&again);
    let sent = browser.submit(&page, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert!(sent.has("account-name"), "{}", sent.body);
    // At some time the page is forgotten, as is one of what was switched off.
    let (mut browser, page) = login(&house).await;
    house.clock.advance(Duration::from_hours(13));
    assert_eq!(browser.ask_again(&page).await.unwrap_err().status, StatusCode::GONE);
    let (mut browser, page) = login(&house).await;
    house.decide_sign_in(|policy| policy.passkeys = false).await;
    assert_eq!(browser.ask_again(&page).await.unwrap_err().status, StatusCode::GONE);
}

#[tokio::test]
async fn pk_001_another_challenge_is_for_the_same_account_and_the_same_purpose() {
    let (house, mut device) = house().await;
    let (mut browser, page) = login(&house).await;
    browser.use_passkey(&page, &mut device).await;
    // To add one.
    let adding = browser.ask_for_passkey().await;
    house.clock.advance(Duration::from_mins(8));
    let (again, ticket) = browser.ask_again(&adding).await.unwrap();
    let asked = read(&again);
    assert_eq!((&asked["user"]["name"], asked["excludeCredentials"].as_array().unwrap().len()), (&json!(ALICE), 1));
    let answer = Authenticator::new(ISSUER, "second").create(&again);
    let added = browser.submit(&adding, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert!(added.has("saved"), "{}", added.body);
    // To prove the account.
    house.clock.advance(Duration::from_mins(20));
    let proving = browser.ask_for_passkey().await;
    assert!(proving.has("step-up"), "{}", proving.body);
    house.clock.advance(Duration::from_mins(6));
    let (again, ticket) = browser.ask_again(&proving).await.unwrap();
    assert_eq!(read(&again)["allowCredentials"].as_array().unwrap().len(), 2);
    let answer = device.get(&again);
    let proved = browser.submit(&proving, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert!(proved.has("passkey-new"), "{}", proved.body);
    // To make an account: one that is there is asked nothing of.
    let mut newcomer = house.browser();
    let page = newcomer.get("/signup").await;
    house.clock.advance(Duration::from_mins(6));
    let (again, ticket) = newcomer.ask_again(&page).await.unwrap();
    let answer = Authenticator::new(ISSUER, "new").create(&again);
    let fields = [("email", "new@example.com"), ("answer", answer.as_str()), ("ticket", &ticket)];
    assert!(newcomer.submit(&page, "passkey", &fields).await.has("account-name"));
}

#[tokio::test]
async fn pk_001_no_other_browser_is_given_one() {
    let (house, _) = house().await;
    let ((mut thief, own), (_, page)) = (login(&house).await, login(&house).await);
    let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
    let csrf = house.csrf(&thief, "/passkeys/question").await;
    for ticket in [ticket.as_str(), "", "AAAA", "!"] {
        let asked = thief.post_once("/passkeys/question", &[("csrf", &csrf), ("ticket", ticket)]).await;
        assert_eq!(asked.status, StatusCode::GONE, "{ticket}");
    }
    assert!(thief.ask_again(&own).await.is_ok());
    let foreign = thief.post_from_elsewhere("/passkeys/question", &[("csrf", &csrf), ("ticket", &ticket)]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn pk_002_a_passkey_that_was_made_or_used_within_another_sites_page_is_none() {
    let (house, mut device) = house().await;
    let mallory = house.user("mallory@example.com").await;
    let mut made = Authenticator::new(ISSUER, "mallory");
    for (cross_origin, top_origin) in [
        (Some(true), None),
        (Some(true), Some("https://evil.example")),
        (Some(false), Some("https://evil.example")),
        (None, Some(ISSUER)),
    ] {
        for one in [&mut made, &mut device] {
            one.cross_origin = cross_origin;
            one.top_origin = top_origin.map(str::to_owned);
        }
        let sent = house.signed_in(&mallory).await.add_passkey(&mut made, "").await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{cross_origin:?} {top_origin:?}");
        assert!(house.passkeys.of(mallory.id).await.unwrap().is_empty());
        let (mut browser, page) = login(&house).await;
        assert!(refused(&browser.use_passkey(&page, &mut device).await), "{cross_origin:?} {top_origin:?}");
    }
}

/// An answer is used up before its counter is looked at: one that is sent once more did not count up, and its authenticator was not copied.
#[tokio::test]
async fn pk_001_an_answer_that_is_sent_again_is_no_copy_of_a_key_that_counts() {
    let house = TestApp::new().await;
    let alice = house.user(ALICE).await;
    let mut device = Authenticator::new(ISSUER, "counting");
    device.count = 5;
    assert!(house.signed_in(&alice).await.add_passkey(&mut device, "key").await.has("saved"));
    let (mut browser, page) = login(&house).await;
    let answer = device.get(&options(&page));
    assert!(browser.clone().submit(&page, "passkey", &[("answer", &answer)]).await.has("account-name"));
    let again = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    // Nor where many send it at once.
    let (browser, page) = login(&house).await;
    let answer = device.get(&options(&page));
    let tries = (0..20).map(|_| {
        let (mut browser, page, answer) = (browser.clone(), &page, &answer);
        async move { browser.submit_once(page, "passkey", &[("answer", answer)]).await.status }
    });
    let all = futures_util::future::join_all(tries).await;
    assert_eq!(all.iter().filter(|status| status.is_redirection()).count(), 1, "{all:?}");
    assert_eq!(all.iter().filter(|status| **status == StatusCode::CONFLICT).count(), 19, "{all:?}");
    assert!(house.audit(AuditKind::PasskeySuspected).await.is_empty());
    // A copy is one key more: it is suspected once for each answer of it.
    device.count = 2;
    let (mut browser, page) = login(&house).await;
    let answer = device.get(&options(&page));
    for status in [StatusCode::FORBIDDEN, StatusCode::CONFLICT] {
        assert_eq!(browser.submit(&page, "passkey", &[("answer", &answer)]).await.status, status);
    }
    assert_eq!(house.audit(AuditKind::PasskeySuspected).await.len(), 1);
}

/// Whoever knows the id of somebody's passkey, and has no key of it, raises no suspicion about it: whatever the flags of an answer say, its signature comes first.
#[tokio::test]
async fn pk_010_without_its_key_nobody_has_a_passkey_suspected() {
    let (house, device) = house().await;
    let mut forged = Authenticator::new(ISSUER, "mallory");
    forged.credential_id.clone_from(&device.credential_id);
    forged.user_handle.clone_from(&device.user_handle);
    for flags in [UP | UV, UP | UV | BE, UP | UV | BE | BS] {
        forged.flags = flags;
        let (mut browser, page) = login(&house).await;
        assert!(refused(&browser.use_passkey(&page, &mut forged).await), "{flags:#x}");
    }
    assert!(house.audit(AuditKind::PasskeySuspected).await.is_empty());
    assert_eq!(house.audit(AuditKind::SignInFailed).await.len(), 3);
}
