//! Section 3.1.2: the authorization endpoint.

use std::time::Duration;

use crate::support::app::{ISSUER, TestApp};
use crate::support::ask::Ask;

async fn house() -> TestApp {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app
}

#[tokio::test]
async fn s3_1_2_1_prompt_none_must_not_display_any_page() {
    let app = house().await;
    app.client("third", |_| ()).await;
    let user = app.user("kim@example.com").await;
    let silent = |client| Ask::of(client).with("prompt", "none").url();
    assert_eq!(app.browser().get(&silent("app")).await.error(), "login_required");
    let mut browser = app.signed_in(&user).await;
    assert!(browser.get(&silent("app")).await.answer().contains_key("code"));
    assert_eq!(browser.get(&silent("third")).await.error(), "consent_required");
    app.consented(&user, "third", "openid").await;
    assert!(browser.get(&silent("third")).await.answer().contains_key("code"));
}

#[tokio::test]
async fn s3_1_2_1_prompt_none_with_any_other_value_is_an_error() {
    let app = house().await;
    for prompt in ["none login", "login none", "none consent select_account"] {
        assert_eq!(app.browser().get(&Ask::of("app").with("prompt", prompt).url()).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn s3_1_2_1_prompt_login_authenticates_again() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get_once(&Ask::of("app").with("prompt", "login").url()).await;
    assert!(page.location().unwrap().starts_with("/login?flow=azn_"), "{:?}", page.location());
}

#[tokio::test]
async fn s3_1_2_1_prompt_select_account_lets_the_person_choose() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    app.sign_in(&mut browser, &app.user("lee@example.com").await).await;
    let page = browser.get_once(&Ask::of("app").with("prompt", "select_account").url()).await;
    assert!(page.location().unwrap().starts_with("/select-account?flow=azn_"), "{:?}", page.location());
    let silent = Ask::of("app").with("prompt", "none").url();
    assert!(browser.get(&silent).await.answer().contains_key("code"));
}

#[tokio::test]
async fn s3_1_2_1_max_age_asks_when_the_authentication_is_older_and_the_id_token_must_say_auth_time() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let began = haechi::support::Clock::now(app.clock.as_ref()).seconds();
    app.clock.advance(Duration::from_secs(60));
    let ask = |max_age: &str| Ask::of("app").with("max_age", max_age).with("prompt", "none").url();
    assert_eq!(browser.get(&ask("59")).await.error(), "login_required");
    assert_eq!(browser.get(&ask("0")).await.error(), "login_required");
    let answer = browser.get(&ask("61")).await.answer();
    let (_, claims) = app.id_token("app", &answer["code"]).await;
    assert_eq!(claims["auth_time"], began);
}

#[tokio::test]
async fn s3_1_2_1_an_id_token_hint_is_answered_for_its_person_or_not_at_all() {
    let app = house().await;
    let (kim, lee) = (app.user("kim@example.com").await, app.user("lee@example.com").await);
    let mut browser = app.signed_in(&kim).await;
    let (hint, claims) = app.id_token_in(&mut browser, "app").await;
    assert_eq!(claims["sub"], kim.id.to_string());
    let hinted = Ask::of("app").with("prompt", "none").with("id_token_hint", &hint).url();
    assert!(browser.get(&hinted).await.answer().contains_key("code"));
    // Also when it has expired.
    app.clock.advance(Duration::from_hours(2));
    assert!(browser.get(&hinted).await.answer().contains_key("code"));
    let mut other = app.signed_in(&lee).await;
    assert_eq!(other.get(&hinted).await.error(), "login_required");
    // Among several people it finds the right one.
    app.sign_in(&mut other, &kim).await;
    app.sign_in(&mut other, &lee).await;
    let answer = other.get(&hinted).await.answer();
    assert_eq!(app.id_token("app", &answer["code"]).await.1["sub"], kim.id.to_string());
}

#[tokio::test]
async fn s3_1_2_1_a_hint_that_is_no_id_token_for_this_client_is_refused() {
    let app = house().await;
    app.first_party("other").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let (theirs, _) = app.id_token_in(&mut browser, "other").await;
    let answer = browser.get(&Ask::of("app").url()).await.answer();
    let access_token = app.redeem("app", &answer["code"]).await["access_token"].as_str().unwrap().to_owned();
    let forged = format!("{}x", &theirs[..theirs.len() - 1]);
    for hint in [theirs.as_str(), &access_token, &forged, "x.y.z", "e30.e30."] {
        let page = browser.get(&Ask::of("app").with("id_token_hint", hint).url()).await;
        assert_eq!(page.error(), "invalid_request", "{hint}");
    }
}

#[tokio::test]
async fn s3_1_2_1_nonce_is_passed_through_unmodified() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for nonce in ["n", &"long-".repeat(100), "해치 \"&<>'", "+ /="] {
        let answer = browser.get(&Ask::of("app").with("nonce", nonce).url()).await.answer();
        assert_eq!(app.id_token("app", &answer["code"]).await.1["nonce"], nonce);
    }
    let answer = browser.get(&Ask::of("app").without("nonce").url()).await.answer();
    assert!(app.id_token("app", &answer["code"]).await.1.get("nonce").is_none());
}

#[tokio::test]
async fn s6_request_objects_that_are_not_supported_have_their_errors() {
    let app = house().await;
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        let page = app.browser().get(&Ask::of("app").with(name, "x").url()).await;
        assert_eq!(page.error(), error);
        assert_eq!(page.answer()["iss"], ISSUER);
    }
}

#[tokio::test]
async fn s11_offline_access_is_ignored_for_a_client_without_refresh_tokens() {
    let app = house().await;
    app.client("short", |client| {
        client.policy.consent = haechi::model::client::ConsentPolicy::FirstParty;
        client.policy.grant_types.retain(|grant| *grant != haechi::protocol::grant_type::GrantType::RefreshToken);
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let answer = browser.get(&Ask::of("short").with("scope", "openid offline_access").url()).await.answer();
    let tokens = app.redeem("short", &answer["code"]).await;
    assert!(tokens.get("refresh_token").is_none());
}

#[tokio::test]
async fn s5_5_1_1_an_essential_acr_that_cannot_be_reached_is_a_failed_authentication() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let claims = |essential| format!(r#"{{"id_token":{{"acr":{{"essential":{essential},"values":["gold"]}}}}}}"#);
    let page = browser.get(&Ask::of("app").with("claims", &claims(true)).url()).await;
    assert_eq!(page.error(), "unmet_authentication_requirements");
    let page = browser.get(&Ask::of("app").with("claims", &claims(false)).with("acr_values", "gold").url()).await;
    assert!(page.answer().contains_key("code"));
}

#[tokio::test]
async fn s3_1_2_1_display_ui_locales_and_login_hint_are_taken_or_left_but_no_error() {
    let app = house().await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    for display in ["page", "popup", "touch", "wap"] {
        let ask = Ask::of("app").with("display", display).with("ui_locales", "tlh-x ko").with("login_hint", "kim");
        assert!(browser.get(&ask.url()).await.answer().contains_key("code"));
    }
}
