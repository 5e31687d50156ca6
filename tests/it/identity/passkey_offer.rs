//! The quiet offer of a passkey after a login by password.

use std::time::Duration;

use axum::http::StatusCode;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, options};
use crate::support::browser::{Browser, Page};

const ALICE: &str = "alice@example.com";

/// Signs in by password, in a browser that says that it can make a passkey.
async fn sign_in(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "login", &[("email", ALICE), ("password", PASSWORD), ("makes_passkeys", "yes")]).await
}

async fn house() -> TestApp {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house.user(ALICE).await;
    house
}

#[tokio::test]
async fn who_can_make_one_is_offered_one_and_comes_to_the_app_either_way() {
    let house = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let offer = sign_in(&mut browser, &login).await;
    assert!(offer.has("passkey-offer"), "{}", offer.body);
    assert!(house.has_session(&browser).await, "leaving the page loses nothing");
    let mut device = Authenticator::new(ISSUER, "alice");
    let answer = device.create(&options(&offer));
    let sent = browser.submit(&offer, "passkey", &[("answer", &answer)]).await;
    assert!(sent.answer().contains_key("code"), "{}", sent.body);
    // She has one now: nothing is offered, and she signs in by it.
    let mut again = house.browser();
    let page = again.get("/login").await;
    assert!(sign_in(&mut again, &page).await.has("account-name"));
    let mut other = house.browser();
    let page = other.get("/login").await;
    assert!(other.use_passkey(&page, &mut device).await.has("account-name"));
    // The page that offers it leads on for who has one.
    assert!(again.get("/account/passkeys/offer").await.has("account-name"));
}

#[tokio::test]
async fn not_now_counts_for_thirty_days_in_every_browser() {
    let house = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let offer = sign_in(&mut browser, &login).await;
    let sent = browser.submit(&offer, "later", &[("do", "later")]).await;
    assert!(sent.answer().contains_key("code"), "{}", sent.body);
    for (days, offered) in [(0, false), (29, false), (1, true)] {
        house.clock.advance(Duration::from_hours(24 * days));
        let mut other = house.browser();
        let page = other.get("/login").await;
        let next = sign_in(&mut other, &page).await;
        assert_eq!(next.has("passkey-offer"), offered, "{days}: {}", next.body);
        assert_eq!(next.has("account-name"), !offered);
    }
}

#[tokio::test]
async fn nobody_else_sees_the_page() {
    let house = house().await;
    // A browser that did not say that it can.
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    assert!(house.password_in(&mut browser, &page, ALICE).await.has("account-name"));
    // Without a page there is no offer: prompt=none.
    let silent = browser.get_once(&Ask::of("app").with("prompt", "none").url()).await;
    assert!(silent.answer().contains_key("code"), "{}", silent.body);
    // Passkeys are switched off.
    house.decide_sign_in(|policy| policy.passkeys = false).await;
    let mut other = house.browser();
    let page = other.get("/login").await;
    assert!(!page.body.contains("makes_passkeys"));
    let csrf = [("makes_passkeys", "yes"), ("email", ALICE), ("password", PASSWORD)];
    assert!(other.submit(&page, "login", &csrf).await.has("account-name"));
    // A stranger is led to the login page.
    assert!(house.browser().get("/account/passkeys/offer").await.has("login"));
}

#[tokio::test]
async fn it_comes_back_to_the_page_that_was_asked_for() {
    let house = house().await;
    let mut browser = house.browser();
    let login = browser.get("/account/sessions").await;
    let offer = sign_in(&mut browser, &login).await;
    assert!(offer.has("passkey-offer"));
    let back = browser.submit(&offer, "later", &[("do", "later")]).await;
    assert_eq!(back.url.path(), "/account/sessions");
}

#[tokio::test]
async fn it_takes_a_recent_proof_and_the_form_of_this_browser() {
    let house = house().await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let offer = sign_in(&mut browser, &login).await;
    house.clock.advance(Duration::from_mins(20));
    let mut device = Authenticator::new(ISSUER, "alice");
    let (question, ticket) = browser.ask_again(&offer).await.unwrap();
    let answer = device.create(&question);
    let asked = browser.submit(&offer, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    let alice = house.user_of(ALICE).await;
    assert_eq!(house.passkeys.of(alice.id).await.unwrap().len(), 0);
    let done = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(done.has("account-name"), "{}", done.body);
    assert_eq!(house.passkeys.of(alice.id).await.unwrap().len(), 1);
    let foreign = house.browser().post_from_elsewhere("/account/passkeys/offer", &[("do", "later")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn after_a_code_it_is_offered_too() {
    let house = house().await;
    let alice = house.user_of(ALICE).await;
    let phone = house.phone_of(&alice).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = sign_in(&mut browser, &login).await;
    let offer = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert!(offer.has("passkey-offer"), "{}", offer.body);
}
