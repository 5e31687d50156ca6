//! Another address for an account.

use std::time::Duration;

use haechi::model::mail::MailPurpose;

use super::{EMAIL, is_verified, signs_in};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Browser;
use crate::support::mailbox::house;

const NEW: &str = "kim@new.example";

/// A browser in which an account with a proved address is signed in, a moment ago.
async fn kim(house: &TestApp) -> Browser {
    let user = house.user(EMAIL).await;
    let proved: haechi::admin::users::UserResource =
        serde_json::from_value(serde_json::json!({ "email_verified": true })).unwrap();
    haechi::admin::users::update(&house.admin, &haechi::admin::Authority::operator(), user.id, &proved).await.unwrap();
    house.signed_in(&user).await
}

async fn ask(browser: &mut Browser, email: &str) -> crate::support::browser::Page {
    let page = browser.get("/account/security").await;
    browser.submit(&page, "account-email", &[("email", email)]).await
}

async fn new_link(house: &TestApp, email: &str) -> String {
    house.mails_for(email, MailPurpose::NewAddress).await[0].link("/verify-email")
}

#[tokio::test]
async fn the_new_address_is_proved_first_and_the_old_one_is_told_and_can_take_it_back() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    let page = ask(&mut browser, NEW).await;
    assert!(page.body.contains("We sent a link to the new address"), "{}", page.body);
    assert!(signs_in(&house, EMAIL, PASSWORD).await, "until then nothing changes");
    // Whoever has the link without the account has nothing.
    let link = new_link(&house, NEW).await;
    let mut stranger = house.browser();
    let page = stranger.get(&link).await;
    assert!(!page.has("prove") && !page.has("take-over"), "{}", page.body);
    let page = browser.get(&link).await;
    browser.submit(&page, "prove", &[]).await;
    assert!(is_verified(&house, NEW).await && signs_in(&house, NEW, PASSWORD).await);
    assert!(!signs_in(&house, EMAIL, PASSWORD).await);
    // The old one takes it back, after everything was ended by whoever has the account now.
    let undo = house.mails_for(EMAIL, MailPurpose::AddressChanged).await[0].link("/undo-email");
    let page = browser.get("/account/sessions").await;
    let csrf = page.csrf_of("/account/sessions");
    browser.post_once("/account/sessions", &[("csrf", &csrf), ("everywhere", "yes")]).await;
    house.clock.advance(Duration::from_hours(71));
    let mut owner = house.browser();
    let page = owner.get(&undo).await;
    let done = owner.submit(&page, "undo", &[]).await;
    assert!(done.has("address-undone"), "{}", done.body);
    assert!(is_verified(&house, EMAIL).await && signs_in(&house, EMAIL, PASSWORD).await);
    assert_eq!(browser.get("/account").await.url.path(), "/login", "every session since is over");
    assert!(owner.get(&undo).await.has("link-spent"), "once");
}

/// MAIL-013: a second change does not take the first one's way back.
#[tokio::test]
async fn mail_013_a_second_change_leaves_the_first_address_its_way_back() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    for email in [NEW, "mallory@evil.example"] {
        ask(&mut browser, email).await;
        let link = new_link(&house, email).await;
        let page = browser.get(&link).await;
        browser.submit(&page, "prove", &[]).await;
        house.clock.advance(Duration::from_secs(1));
    }
    assert!(is_verified(&house, "mallory@evil.example").await);
    let undo = house.mails_for(EMAIL, MailPurpose::AddressChanged).await[0].link("/undo-email");
    let mut owner = house.browser();
    let page = owner.get(&undo).await;
    owner.submit(&page, "undo", &[]).await;
    assert!(is_verified(&house, EMAIL).await);
}

/// MAIL-013: a session alone changes no address.
#[tokio::test]
async fn mail_013_a_session_that_proved_nothing_lately_asks_for_no_address() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    house.clock.advance(Duration::from_hours(1));
    let page = ask(&mut browser, NEW).await;
    assert_eq!(page.status, axum::http::StatusCode::FORBIDDEN, "{}", page.body);
    assert!(house.mailbox(NEW).await.is_empty());
    // Of two that are asked for, the newer one counts.
    let page = browser.get("/account/security").await;
    let form = page.form("account-email");
    assert!(form.field("email_verified").is_none(), "nobody says so of themselves");
}

#[tokio::test]
async fn mail_013_a_link_to_an_address_that_is_not_wanted_any_more_does_nothing() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    ask(&mut browser, "typo@new.example").await;
    let old = new_link(&house, "typo@new.example").await;
    ask(&mut browser, NEW).await;
    assert!(browser.get(&old).await.has("link-spent"));
}

#[tokio::test]
async fn an_address_that_is_taken_is_not_told_of_and_not_taken_over() {
    let house = house(|_| ()).await;
    house.user("lee@example.com").await;
    let mut browser = kim(&house).await;
    let same = ask(&mut browser, "lee@example.com").await;
    assert!(same.body.contains("We sent a link to the new address"));
    assert!(house.mails_for("lee@example.com", MailPurpose::NewAddress).await.is_empty());
    // Taken after it was asked for.
    ask(&mut browser, NEW).await;
    let link = new_link(&house, NEW).await;
    house.user(NEW).await;
    let page = browser.get(&link).await;
    let refused = browser.submit(&page, "prove", &[]).await;
    assert!(refused.has("address-taken"), "{}", refused.body);
    assert!(signs_in(&house, EMAIL, PASSWORD).await);
}
