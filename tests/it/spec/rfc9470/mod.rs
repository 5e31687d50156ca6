//! RFC 9470: OAuth 2.0 Step Up Authentication Challenge Protocol.

use std::time::Duration;

use haechi::config::acr::AcrClass;
use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::factors::STEP;

const TWO: &str = "urn:haechi:acr:2fa";

#[tokio::test]
async fn s4_a_step_up_asks_for_what_is_missing_and_no_more() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    // Signed in by a password alone, as a browser that is trusted is.
    let mut browser = house.signed_in(&phone.user).await;
    house.clock.advance(Duration::from_mins(5));
    let asked = browser.get(&Ask::of("app").with("acr_values", TWO).url()).await;
    assert!(asked.has("second-step") && !asked.has("password"), "the second factor only: {}", asked.url);
    let answer = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(TWO), &json!(["pwd", "otp", "mfa"])));
    // When the end-user authenticated has not changed by that: section 4 asks for no more than what was missing.
    house.clock.advance(STEP);
    let silent = browser.get(&Ask::of("app").with("acr_values", TWO).with("prompt", "none").url()).await.answer();
    let (_, again) = house.id_token("app", &silent["code"]).await;
    assert_eq!((&again["acr"], &again["auth_time"]), (&json!(TWO), &claims["auth_time"]));
}

#[tokio::test]
async fn s6_access_tokens_and_introspection_say_how_and_when() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").with("scope", "openid offline_access").url()).await;
    let second = house.password_in(&mut browser, &login, "alice@example.com").await;
    let answer = browser.submit(&second, "second", &[("code", &phone.code(&house))]).await.answer();
    let tokens = house.redeem("app", &answer["code"]).await;
    let (_, claims) = crate::support::furnished::open(tokens["access_token"].as_str().unwrap());
    let claims = serde_json::to_value(claims).unwrap();
    assert_eq!(claims["acr"], TWO);
    assert!(claims["auth_time"].is_i64());
    // What was proved is kept by a refresh.
    house.clock.advance(Duration::from_mins(30));
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", "app"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    let page = house.browser().post_once("/token", &fields).await;
    let refreshed: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    let (_, later) = crate::support::furnished::open(refreshed["access_token"].as_str().unwrap());
    let later = serde_json::to_value(later).unwrap();
    assert_eq!((&later["acr"], &later["auth_time"]), (&claims["acr"], &claims["auth_time"]));
}

/// The classes are the operator's to declare: what is advertised, asked for and said.
#[tokio::test]
async fn s4_the_classes_that_are_declared_are_the_ones_that_count() {
    let house = TestApp::with(|config| {
        let class = |value: &str, factors, phishing_resistant| AcrClass {
            value: value.to_owned(),
            factors,
            phishing_resistant,
            hardware: false,
        };
        config.acr.classes = vec![class("bronze", 1, false), class("silver", 2, false), class("gold", 2, true)];
    })
    .await;
    house.first_party("app").await;
    let metadata = house.browser().get("/.well-known/openid-configuration").await;
    let metadata: serde_json::Value = serde_json::from_str(&metadata.body).unwrap();
    assert_eq!(metadata["acr_values_supported"], json!(["bronze", "silver", "gold"]));
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut browser = house.signed_in(&phone.user).await;
    let plain = browser.get(&Ask::of("app").url()).await;
    let asked =
        if plain.has("second") { plain } else { browser.get(&Ask::of("app").with("acr_values", "silver").url()).await };
    let answer = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], "silver");
    let lower = browser.get(&Ask::of("app").with("acr_values", "bronze").url()).await.answer();
    assert_eq!(house.id_token("app", &lower["code"]).await.1["acr"], "bronze", "what is asked for, where it is met");
    // What is not declared is not known, and cannot be met.
    let essential = json!({ "id_token": { "acr": { "essential": true, "value": TWO } } }).to_string();
    assert_eq!(
        browser.get(&Ask::of("app").with("claims", &essential).url()).await.error(),
        "unmet_authentication_requirements"
    );
}

#[tokio::test]
async fn s4_max_age_asks_for_both_factors_again() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut browser = house.signed_in(&phone.user).await;
    house.clock.advance(Duration::from_mins(10));
    let login = browser.get(&Ask::of("app").with("max_age", "60").url()).await;
    assert!(login.has("login"));
    let second = house.password_in(&mut browser, &login, "alice@example.com").await;
    let answer = browser.submit(&second, "second", &[("code", &phone.code(&house))]).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], TWO);
}

#[tokio::test]
async fn s5_what_cannot_be_reached_is_said_and_what_is_only_wished_for_is_not_refused() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let bob = house.user("bob@example.com").await;
    let mut browser = house.signed_in(&bob).await;
    let essential = |value: &str| json!({ "id_token": { "acr": { "essential": true, "value": value } } }).to_string();
    // Nothing proves that a key is in hardware.
    let phrh = browser.get(&Ask::of("app").with("claims", &essential("phrh")).url()).await;
    assert_eq!(phrh.error(), "unmet_authentication_requirements");
    // A passkey is phishing-resistant: whoever may have one is asked to sign in once more, and once is enough.
    let phr = Ask::of("app").with("claims", &essential("phr"));
    assert_eq!(browser.get(&phr.clone().with("prompt", "none").url()).await.error(), "login_required");
    let asked = browser.get(&phr.url()).await;
    let by_password = [("email", "bob@example.com"), ("password", PASSWORD)];
    assert_eq!(browser.submit(&asked, "login", &by_password).await.error(), "unmet_authentication_requirements");
    let mut device = Authenticator::new(house.issuer(), "bob");
    assert!(browser.add_passkey(&mut device, "").await.has("saved"));
    let asked = browser.get(&phr.url()).await;
    let answer = browser.use_passkey(&asked, &mut device).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], "phr");
    // He has it by now: a wish for two factors, which is how an app steps up (RFC 9470 section 4), asks for it.
    let mut browser = house.signed_in(&bob).await;
    let asked = browser.get(&Ask::of("app").with("acr_values", TWO).url()).await;
    let answer = browser.use_passkey(&asked, &mut device).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], TWO);
    // Who has just typed the password of the same account has no passkey at hand, and goes on: it is a wish.
    let mut elsewhere = house.browser();
    let login = elsewhere.get(&Ask::of("app").with("acr_values", TWO).url()).await;
    let typed = [("email", bob.email.as_str()), ("password", PASSWORD)];
    let answer = elsewhere.submit(&login, "login", &typed).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    let mut browser = house.signed_in(&house.user("carol@example.com").await).await;
    // Who has no second factor is not made to add one for a wish, and is for a demand.
    let wished = browser.get(&Ask::of("app").with("acr_values", TWO).url()).await.answer();
    assert_eq!(house.id_token("app", &wished["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    let demanded = browser.get(&Ask::of("app").with("claims", &essential(TWO)).url()).await;
    assert!(demanded.has("second-step-add"), "{}", demanded.url);
    let silent = Ask::of("app").with("claims", &essential(TWO)).with("prompt", "none");
    assert_eq!(browser.get(&silent.url()).await.error(), "interaction_required");
}

#[tokio::test]
async fn s4_an_app_that_requires_a_second_factor_gets_nobody_without() {
    let house = TestApp::new().await;
    house
        .client("bank", |client| {
            client.policy.consent = haechi::model::client::ConsentPolicy::FirstParty;
            client.policy.second_factor_required = true;
        })
        .await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut browser = house.signed_in(&phone.user).await;
    let silent = browser.get(&Ask::of("bank").with("prompt", "none").url()).await;
    assert_eq!(silent.error(), "login_required");
    let asked = browser.get(&Ask::of("bank").url()).await;
    let answer = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await.answer();
    assert_eq!(house.id_token("bank", &answer["code"]).await.1["acr"], TWO);
}
