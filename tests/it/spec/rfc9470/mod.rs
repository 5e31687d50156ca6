//! RFC 9470: OAuth 2.0 Step Up Authentication Challenge Protocol.

use std::time::Duration;

use haechi::config::acr::AcrClass;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, options};
use crate::support::factors::STEP;

const TWO: &str = "urn:haechi:acr:2fa";

/// Section 5: "the authorization server SHOULD consider the requested acr value as necessary". That no more is asked for than what is missing is our own rule.
#[tokio::test]
async fn s5_a_step_up_asks_for_what_is_missing_and_no_more() {
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
    // When the end-user authenticated has not changed by that.
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
async fn s5_the_classes_that_are_declared_are_the_ones_that_count() {
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
async fn s5_max_age_asks_for_both_factors_again() {
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

fn essential(value: &str) -> Ask {
    let claim = json!({ "id_token": { "acr": { "essential": true, "value": value } } }).to_string();
    Ask::of("app").with("claims", &claim)
}

/// Whoever may add what is asked for adds it, after a proof of the account; what nobody can reach is said.
#[tokio::test]
async fn s5_what_cannot_be_reached_is_said_and_what_can_be_is_added() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let cases = [
        (Ask::of("app").with("acr_values", TWO), Some(TWO)),
        (essential(TWO), Some(TWO)),
        (Ask::of("app").with("acr_values", "phr"), Some("phr")),
        (essential("phr"), Some("phr")),
        // Where no authenticators are listed, nothing proves that a key is in hardware.
        (Ask::of("app").with("acr_values", "phrh"), None),
        (essential("phrh"), None),
    ];
    for (n, (asks, adds)) in cases.into_iter().enumerate() {
        let name = format!("user{n}@example.com");
        let mut browser = house.signed_in(&house.user(&name).await).await;
        let silent = browser.get(&asks.clone().with("prompt", "none").url()).await.error();
        let asked = browser.get(&asks.url()).await;
        let Some(value) = adds else {
            let unmet = "unmet_authentication_requirements";
            assert_eq!((silent.as_str(), asked.error().as_str()), (unmet, unmet));
            continue;
        };
        assert_eq!(silent, "interaction_required", "{value}");
        assert!(asked.has("second-step-add") && asked.has("passkey"), "{value}: {}", asked.body);
        // An app is offered where it is enough, and taken nowhere else.
        assert_eq!(asked.has("second"), value == TWO, "{}", asked.body);
        let mut device = Authenticator::new(house.issuer(), &name);
        let answer = device.create(&options(&asked));
        let answer = browser.submit(&asked, "passkey", &[("answer", &answer)]).await.answer();
        assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], value);
    }
}

#[tokio::test]
async fn s5_what_only_a_passkey_is_leads_to_exactly_that() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut device = Authenticator::new(house.issuer(), "alice");
    // Signed in by both factors, neither of which is one: the passkey that she has not is added, beside the app.
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let second = house.password_in(&mut browser, &login, "alice@example.com").await;
    browser.submit(&second, "second", &[("code", &phone.code(&house))]).await;
    assert_eq!(browser.get(&essential("phr").with("prompt", "none").url()).await.error(), "interaction_required");
    let asked = browser.get(&essential("phr").url()).await;
    assert!(asked.has("second-step-add") && asked.has("passkey") && !asked.has("second"), "{}", asked.body);
    // A code in its place adds nothing.
    let fields = [("code", "000000"), ("name", "Phone"), ("answer", "")];
    assert!(browser.submit(&asked, "passkey", &fields).await.has("second-step-add"));
    assert_eq!(house.accounts.factors(phone.user.id).await.unwrap().all.len(), 1);
    let answer = device.create(&options(&asked));
    let answer = browser.submit(&asked, "passkey", &[("answer", &answer)]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("phr"), &json!(["pwd", "otp", "mfa", "pop", "user"])));
    assert!(house.accounts.factors(phone.user.id).await.unwrap().any(), "nothing ended by that");
    // She has it by now: it is asked for, and nothing else, wherever she is signed in with less.
    house.clock.advance(STEP);
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let second = house.password_in(&mut browser, &login, "alice@example.com").await;
    browser.submit(&second, "second", &[("code", &phone.code(&house))]).await;
    for asks in [essential("phr"), Ask::of("app").with("acr_values", "phr")] {
        assert_eq!(browser.get(&asks.clone().with("prompt", "none").url()).await.error(), "login_required");
        let asked = browser.get(&asks.url()).await;
        assert!(asked.has("second-step") && asked.has("passkey") && !asked.has("second"), "{}", asked.body);
    }
    let asked = browser.get(&essential("phr").url()).await;
    let answer = browser.use_passkey(&asked, &mut device).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], "phr");
    // A login for it is asked for the passkey at once, as a code would not do.
    house.clock.advance(STEP);
    let mut elsewhere = house.browser();
    let login = elsewhere.get(&essential("phr").url()).await;
    let second = house.password_in(&mut elsewhere, &login, "alice@example.com").await;
    assert!(second.has("second-step") && second.has("passkey") && !second.has("second"), "{}", second.body);
    assert!(elsewhere.use_passkey(&second, &mut device).await.answer().contains_key("code"));
}

/// A session that somebody took along adds nothing: see `attacks::enrolment`. Neither does one that went without what its account has.
#[tokio::test]
async fn s5_what_is_added_takes_a_recent_proof_by_the_strongest_way() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let phone = house.phone_of(&house.user("alice@example.com").await).await;
    let mut browser = house.signed_in(&phone.user).await;
    // By the policy the code comes first, as a session by password alone lacks it.
    let asked = browser.get(&essential("phr").url()).await;
    assert!(asked.has("second-step") && asked.has("second"), "{}", asked.body);
    let asked = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert!(asked.has("second-step-add") && asked.has("passkey"), "{}", asked.body);
    house.clock.advance(Duration::from_mins(11));
    let again = browser.get(&essential("phr").url()).await;
    assert!(again.has("step-up") && again.has("code") && !again.has("current"), "{}", again.body);
    let added = browser.submit(&again, "confirm", &[("code", &phone.code(&house))]).await;
    assert!(added.has("second-step-add"), "{}", added.body);
}

/// One of several is enough, values of others are passed over, and what an app is registered with is a wish: OpenID Connect Core 1.0 section 3.1.2.1.
#[tokio::test]
async fn s5_one_of_several_is_enough_and_a_wish_turns_nobody_away() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house
        .client("wishing", |client| {
            client.policy.consent = haechi::model::client::ConsentPolicy::FirstParty;
            client.policy.default_acr_values = vec![TWO.to_owned()];
        })
        .await;
    let bob = house.user("bob@example.com").await;
    let mut browser = house.signed_in(&bob).await;
    // As the official test suite asks: all that are advertised.
    for values in [format!("phr {TWO} urn:haechi:acr:1fa"), "gold".to_owned()] {
        let answer = browser.get(&Ask::of("app").with("acr_values", &values).url()).await.answer();
        let (_, claims) = house.id_token("app", &answer["code"]).await;
        assert_eq!(claims["acr"], "urn:haechi:acr:1fa", "{values}");
    }
    let answer = browser.get(&Ask::of("wishing").url()).await.answer();
    assert_eq!(house.id_token("wishing", &answer["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    // Who has a passkey is asked for it, where a session is there already; who has just typed the password has none at hand, and goes on: it is a wish.
    let mut device = Authenticator::new(house.issuer(), "bob");
    assert!(house.signed_in(&bob).await.add_passkey(&mut device, "").await.has("saved"));
    let asked = browser.get(&Ask::of("wishing").url()).await;
    let answer = browser.use_passkey(&asked, &mut device).await.answer();
    assert_eq!(house.id_token("wishing", &answer["code"]).await.1["acr"], TWO);
    let mut elsewhere = house.browser();
    let login = elsewhere.get(&Ask::of("wishing").url()).await;
    let answer = house.password_in(&mut elsewhere, &login, "bob@example.com").await.answer();
    assert_eq!(house.id_token("wishing", &answer["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    // What is necessary is asked for all the same.
    let mut elsewhere = house.browser();
    let login = elsewhere.get(&Ask::of("app").with("acr_values", TWO).url()).await;
    let asked = house.password_in(&mut elsewhere, &login, "bob@example.com").await;
    let answer = elsewhere.use_passkey(&asked, &mut device).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], TWO);
}

/// Where nobody uses passkeys, and nobody has second factors, there is nothing that anybody could add.
#[tokio::test]
async fn s5_where_nothing_can_be_added_it_is_said() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house
        .decide_sign_in(|policy| {
            policy.passkeys = false;
            policy.second_factor = haechi::model::policy::FactorPolicy::Off;
        })
        .await;
    let mut browser = house.signed_in(&house.user("bob@example.com").await).await;
    for asks in [Ask::of("app").with("acr_values", TWO), essential("phr"), essential(TWO)] {
        for asks in [asks.clone(), asks.with("prompt", "none")] {
            assert_eq!(browser.get(&asks.url()).await.error(), "unmet_authentication_requirements");
        }
    }
}

#[tokio::test]
async fn an_app_that_requires_a_second_factor_gets_nobody_without() {
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
