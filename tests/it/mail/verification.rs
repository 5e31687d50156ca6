//! Proving the address of an account.

use haechi::admin::Authority;
use haechi::admin::policy::{self, SignInResource};
use haechi::model::mail::MailPurpose;
use haechi::model::policy::Verification;
use scraper::Selector;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, decide, is_verified, signed_up, signs_in};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::mailbox;

async fn house(when: Verification) -> TestApp {
    let house = mailbox::house(|_| ()).await;
    let document: SignInResource = serde_json::from_value(json!({ "email_verification": when })).unwrap();
    policy::set_sign_in(&house.admin, &Authority::operator(), (), &document).await.unwrap();
    house.first_party("app").await;
    house
}

async fn link(house: &TestApp) -> String {
    house.mails_for(EMAIL, MailPurpose::VerifyAddress).await[0].link("/verify-email")
}

/// Who signs up from then on has no account before: see `sign_up`.
#[tokio::test]
async fn an_account_from_before_proves_its_address_before_any_app_is_told_of_it() {
    let house = house(Verification::WhenAskedFor).await;
    let mut browser = signed_up(&house, EMAIL).await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    let asked = browser.get(&Ask::of("app").url()).await;
    assert_eq!(asked.url.path(), "/verify-email", "{}", asked.body);
    assert!(asked.text("said").contains(EMAIL));
    // Going on without it leads back.
    assert_eq!(browser.get(&asked.link("go-on")).await.url.path(), "/verify-email");
    assert_eq!(browser.get(&Ask::of("app").with("prompt", "none").url()).await.error(), "interaction_required");
    let page = browser.get(&link(&house).await).await;
    browser.submit(&page, "prove", &[]).await;
    let answer = browser.get(&asked.link("go-on")).await.answer();
    assert!(answer.contains_key("code"), "{answer:?}");
    assert!(is_verified(&house, EMAIL).await);
}

#[tokio::test]
async fn only_an_app_that_asks_for_the_address_waits_for_its_proof_where_that_is_decided() {
    let house = house(Verification::WhenAskedFor).await;
    let mut browser = signed_up(&house, EMAIL).await;
    assert!(browser.get(&Ask::of("app").url()).await.answer().contains_key("code"));
    let asked = browser.get(&Ask::of("app").with("scope", "openid email").url()).await;
    assert_eq!(asked.url.path(), "/verify-email");
    // The link goes on to the app by itself, in the browser that waits.
    house.clock.advance(std::time::Duration::from_secs(1));
    let sent = browser.submit(&asked, "send", &[]).await;
    assert_eq!(sent.url.path(), "/verify-email", "{}", sent.body);
    // To ask for another mail takes nothing away: the button is the second one of the page, and does not warn.
    let again = Selector::parse("#submit.plain:not(.quiet)").unwrap();
    assert_eq!(sent.html().select(&again).count(), 1, "{}", sent.body);
    let link = link(&house).await;
    assert!(link.contains("&flow="), "{link}");
    let page = browser.get(&link).await;
    let answer = browser.submit(&page, "prove", &[]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert!(claims["sub"].is_string());
}

#[tokio::test]
async fn where_nobody_is_asked_nobody_is_mailed_at_sign_up_and_whoever_wants_to_can() {
    let house = house(Verification::NotAsked).await;
    let mut browser = signed_up(&house, EMAIL).await;
    assert!(house.mailbox(EMAIL).await.is_empty());
    let page = browser.get("/account/security").await;
    let page = browser.submit(&page, "account-verify", &[]).await;
    assert!(page.body.contains("We sent a link to your address"), "{}", page.body);
    let page = browser.get(&link(&house).await).await;
    let page = browser.submit(&page, "prove", &[]).await;
    assert_eq!(page.url.path(), "/account/security");
    assert!(is_verified(&house, EMAIL).await && !page.has("account-verify"));
    assert!(signs_in(&house, EMAIL, PASSWORD).await, "what was there stays");
}

/// Somebody else made an account with an address that is not theirs, and waits for its owner: what they prepared goes.
#[tokio::test]
async fn whoever_proves_an_address_that_another_prepared_an_account_for_ends_what_they_prepared() {
    let house = house(Verification::WhenAskedFor).await;
    let mut mallory = signed_up(&house, EMAIL).await;
    let mut owner = house.browser();
    let page = owner.get(&link(&house).await).await;
    assert!(!page.has("prove"), "nobody is signed in here who made the account");
    // A post all the same does nothing.
    let csrf = house.csrf(&owner, "/verify-email").await;
    let link = link(&house).await;
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let answer = owner.post_once("/verify-email", &[("csrf", &csrf), ("token", &token)]).await;
    assert!(answer.has("sign-in-first") && !is_verified(&house, EMAIL).await, "{}", answer.body);
    let reset = owner.get(&page.link("take-over")).await;
    let done = owner.submit(&reset, "reset", &[("password", NEW_PASSWORD)]).await;
    assert!(done.has("prepared-ended"), "{}", done.body);
    assert_eq!(owner.get("/account").await.url.path(), "/account", "and she is in");
    assert!(is_verified(&house, EMAIL).await);
    assert_eq!(mallory.get("/account").await.url.path(), "/login", "the session that was prepared is over");
    assert!(!signs_in(&house, EMAIL, PASSWORD).await && signs_in(&house, EMAIL, NEW_PASSWORD).await);
}

#[tokio::test]
async fn on_another_device_somebody_signs_in_first_and_comes_back_to_the_link() {
    let house = house(Verification::WhenAskedFor).await;
    signed_up(&house, EMAIL).await;
    let mut phone = house.browser();
    let page = phone.get(&link(&house).await).await;
    let login = phone.get(&page.link("to-login")).await;
    let back = phone.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(back.url.path(), "/verify-email", "{}", back.body);
    phone.submit(&back, "prove", &[]).await;
    assert!(is_verified(&house, EMAIL).await);
}

/// MAIL-014: a link is for the address that it was mailed to, and for no other that the account has by then.
#[tokio::test]
async fn mail_014_a_link_proves_the_address_that_it_was_mailed_to_and_no_other() {
    let house = house(Verification::WhenAskedFor).await;
    let mut browser = signed_up(&house, EMAIL).await;
    let link = link(&house).await;
    let kim = house.user_of(EMAIL).await;
    let moved: haechi::admin::users::UserResource =
        serde_json::from_value(json!({ "email": "victim@example.com" })).unwrap();
    haechi::admin::users::update(&house.admin, &Authority::operator(), kim.id, &moved).await.unwrap();
    assert!(browser.get(&link).await.has("link-spent"));
    assert!(!is_verified(&house, "victim@example.com").await);
}

#[tokio::test]
async fn nothing_can_be_decided_that_needs_mail_where_none_leaves() {
    let house = TestApp::new().await;
    let document: SignInResource = serde_json::from_value(json!({ "email_verification": "before_login" })).unwrap();
    let refused = policy::set_sign_in(&house.admin, &Authority::operator(), (), &document).await.unwrap_err();
    assert!(format!("{refused:?}").contains("ClosedByConfiguration"), "{refused:?}");
}
