//! A passkey as the second step of a login by password.

use axum::http::StatusCode;
use haechi::model::policy::FactorPolicy;
use serde_json::json;

use crate::support::app::{ISSUER, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, UP, UV};

const ALICE: &str = "alice@example.com";

/// A house with an app in which everybody needs a second factor, and Alice, who has a passkey.
async fn house() -> (TestApp, Authenticator) {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let alice = house.user(ALICE).await;
    let mut device = Authenticator::new(ISSUER, "alice");
    house.signed_in(&alice).await.add_passkey(&mut device, "").await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    (house, device)
}

#[tokio::test]
async fn who_has_a_passkey_adds_no_app_and_an_app_hears_what_was_proved() {
    let (house, mut device) = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    assert!(asked.has("second-step") && asked.has("passkey") && !asked.has("second"), "{}", asked.body);
    assert!(!house.has_session(&browser).await, "the password alone opens nothing");
    // One whose authenticator did not make sure of its user is none.
    device.flags = UP;
    let refused = browser.use_passkey(&asked, &mut device).await;
    assert!(refused.status.is_client_error() && refused.has("second-step"), "{}", refused.body);
    assert!(!house.has_session(&browser).await);
    device.flags = UP | UV;
    let sent = browser.use_passkey(&refused, &mut device).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("phr"), &json!(["pwd", "pop", "user", "mfa"])));
}

#[tokio::test]
async fn an_app_and_a_passkey_are_offered_beside_each_other() {
    let (house, mut device) = house().await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
    let alice = house.user_of(ALICE).await;
    let phone = house.phone_of(&alice).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    assert!(asked.has("second") && asked.has("passkey"), "{}", asked.body);
    assert!(browser.use_passkey(&asked, &mut device).await.has("account-name"));
    let mut other = house.browser();
    let login = other.get("/login").await;
    let asked = house.password_in(&mut other, &login, ALICE).await;
    assert!(other.submit(&asked, "second", &[("code", &phone.code(&house))]).await.has("account-name"));
    let recovery = {
        let mut third = house.browser();
        let login = third.get("/login").await;
        let asked = house.password_in(&mut third, &login, ALICE).await;
        third.get(&asked.link("to-recovery")).await
    };
    assert!(recovery.has("second") && !recovery.has("passkey"));
}

#[tokio::test]
async fn without_a_policy_a_passkey_asks_for_nothing_unless_an_app_does() {
    let (house, mut device) = house().await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    assert!(house.password_in(&mut browser, &login, ALICE).await.has("account-name"));
    // Only what is missing is asked for.
    let asked = browser.get(&Ask::of("app").with("acr_values", "urn:haechi:acr:2fa").url()).await;
    assert!(asked.has("second-step") && asked.has("passkey") && !asked.has("second"), "{}", asked.body);
    let sent = browser.use_passkey(&asked, &mut device).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    assert_eq!(claims["acr"], "urn:haechi:acr:2fa");
}

#[tokio::test]
async fn the_only_second_factor_stays_where_there_must_be_one() {
    let (house, mut device) = house().await;
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    assert!(browser.use_passkey(&page, &mut device).await.has("account-name"));
    let page = browser.get("/account/security").await;
    let sent = browser.send_form(&page, page.form_to("/account/passkeys/change"), &[("do", "remove")]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    assert!(sent.text("problem").contains("second factor"), "{}", sent.body);
    // With an app beside it, it can go, and with a passkey beside it the app.
    let alice = house.user_of(ALICE).await;
    house.phone_of(&alice).await;
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    browser.use_passkey(&page, &mut device).await;
    let page = browser.get("/account/security").await;
    let gone = browser.submit(&page, "remove-factor", &[]).await;
    assert!(gone.has("saved"), "{}", gone.body);
}

#[tokio::test]
async fn switched_off_it_is_no_second_factor_and_the_account_adds_an_app() {
    let (house, _) = house().await;
    house.decide_sign_in(|policy| policy.passkeys = false).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    assert!(asked.has("second-step-add"), "{}", asked.body);
}

#[tokio::test]
async fn a_step_that_waits_for_one_says_that_they_were_switched_off_and_leads_on() {
    let (house, mut device) = house().await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    assert!(asked.has("second-step") && asked.has("passkey"), "{}", asked.body);
    house.decide_sign_in(|policy| policy.passkeys = false).await;
    let page = browser.use_passkey(&asked, &mut device).await;
    assert!(page.has("second-step-no-passkey") && page.text("why").contains("switched off"), "{}", page.body);
    assert!(!house.has_session(&browser).await);
    let again = browser.get(&page.link("go-on")).await;
    assert!(house.password_in(&mut browser, &again, ALICE).await.has("second-step-add"));
}
