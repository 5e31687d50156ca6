//! Changing one's own password.

use haechi::admin::{Authority, clients, users};
use haechi::identity::accounts::{ChangePasswordRejected, Entitled, SignInRejected};
use haechi::identity::password::PasswordRejected;
use haechi::model::audit_event::AuditKind;
use haechi::support::Secret;

use crate::support::accounts::{PASSWORD, from};
use crate::support::app::TestApp;

const NEW: &str = "three cranes over a paddy field";

#[tokio::test]
async fn a_new_password_ends_everything_from_before() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let client = crate::admin::web_client(&house, "shop").await.id;
    let grant = house.grant(user.id, &client).await;
    house.clock.advance(std::time::Duration::from_secs(5));
    let origin = from([192, 0, 2, 1]);
    let changed =
        house.accounts.change_password(user.id, Entitled::Knows(&PASSWORD.into()), &NEW.into(), &origin).await.unwrap();
    assert!(!changed.honours(user.epoch) && changed.honours(changed.epoch));
    assert_eq!(house.accounts.find(user.id).await.unwrap().unwrap(), changed);
    assert!(!house.is_live(grant).await);
    assert!(matches!(house.log_in("kim@example.com", PASSWORD, &origin).await, Err(SignInRejected::WrongCredentials)));
    assert!(house.log_in("kim@example.com", NEW, &origin).await.is_ok());
    assert!(house.audit_log().await.iter().any(|event| event.kind == AuditKind::PasswordChanged));
    clients::delete(&house.admin, &Authority::operator(), &client).await.unwrap();
}

#[tokio::test]
async fn the_current_password_is_asked_for_and_guesses_at_it_count() {
    let house = TestApp::with(|config| config.throttling.password_failures_per_account = 3).await;
    let user = house.sign_up("kim@example.com").await;
    let origin = from([192, 0, 2, 1]);
    for _ in 0..3 {
        let rejected =
            house.accounts.change_password(user.id, Entitled::Knows(&"wrong".into()), &NEW.into(), &origin).await;
        assert!(matches!(rejected, Err(ChangePasswordRejected::WrongPassword)), "{rejected:?}");
    }
    let rejected =
        house.accounts.change_password(user.id, Entitled::Knows(&PASSWORD.into()), &NEW.into(), &origin).await;
    assert!(matches!(rejected, Err(ChangePasswordRejected::Throttled { .. })), "{rejected:?}");
}

#[tokio::test]
async fn the_new_password_keeps_the_rules() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let bad = Secret::from("password2024");
    let rejected =
        house.accounts.change_password(user.id, Entitled::Knows(&PASSWORD.into()), &bad, &from([192, 0, 2, 1])).await;
    assert!(matches!(rejected, Err(ChangePasswordRejected::Password(PasswordRejected::Common))), "{rejected:?}");
}

#[tokio::test]
async fn a_first_password_is_for_an_account_that_has_none_and_proved_itself() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let new = serde_json::from_value(serde_json::json!({ "email": "lee@example.com" })).unwrap();
    let without = users::create(&house.admin, &Authority::operator(), new).await.unwrap();
    let proof = house.proof_of(&user);
    let origin = from([192, 0, 2, 1]);
    for account in [user.id, without.id] {
        let refused = house.accounts.change_password(account, Entitled::Proved(&proof), &NEW.into(), &origin).await;
        assert!(matches!(refused, Err(ChangePasswordRejected::WrongPassword)), "{refused:?}");
    }
    let own = house.proof_of(&without);
    house.accounts.change_password(without.id, Entitled::Proved(&own), &NEW.into(), &origin).await.unwrap();
    // The form of an account without one, sent by a browser that was proved a moment ago.
    let mut browser = house.signed_in(&user).await;
    let csrf = house.csrf(&browser, "/account/password").await;
    let page = browser.post_once("/account/password", &[("csrf", &csrf), ("password", NEW)]).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(house.log_in("kim@example.com", PASSWORD, &origin).await.is_ok());
}

#[tokio::test]
async fn a_password_proves_the_account_that_was_asked_and_not_the_one_that_has_its_address_by_now() {
    let house = TestApp::new().await;
    let kim = house.sign_up("kim@example.com").await;
    let moved = serde_json::from_value(serde_json::json!({ "email": "moved@example.com" })).unwrap();
    users::update(&house.admin, &Authority::operator(), kim.id, &moved).await.unwrap();
    let other = house.sign_up("kim@example.com").await;
    let origin = from([192, 0, 2, 1]);
    let proved = house.accounts.prove(&kim, &PASSWORD.into(), &origin).await;
    assert!(matches!(proved, Err(SignInRejected::WrongCredentials)), "{proved:?}");
    assert_eq!(house.accounts.prove(&other, &PASSWORD.into(), &origin).await.unwrap().1.account(), other.id);
}
