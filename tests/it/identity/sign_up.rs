//! Making an account oneself.

use haechi::identity::accounts::{AccountRejected, SignUpRejected};
use haechi::identity::password::PasswordRejected;
use haechi::support::line::LineRejected;

use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;

#[tokio::test]
async fn an_account_begins_without_roles_and_unverified() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    assert!(user.roles.is_empty() && !user.email_verified && user.is_active());
    assert_eq!((user.display_name(), user.locale.as_deref()), ("Test Person", Some("ko")));
    assert_eq!(house.accounts.find(user.id).await.unwrap().unwrap().email, user.email);
}

#[tokio::test]
async fn an_address_has_one_account_in_any_case() {
    let house = TestApp::new().await;
    house.sign_up("kim@example.com").await;
    let again = house.accounts.sign_up(new_account("KIM@EXAMPLE.COM", PASSWORD), &from([192, 0, 2, 1])).await;
    assert!(matches!(again, Err(SignUpRejected::EmailTaken)), "{again:?}");
}

#[tokio::test]
async fn sign_up_can_be_switched_off() {
    let house = TestApp::with(|config| config.accounts.sign_up = false).await;
    let rejected = house.accounts.sign_up(new_account("kim@example.com", PASSWORD), &from([192, 0, 2, 1])).await;
    assert!(matches!(rejected, Err(SignUpRejected::SwitchedOff)), "{rejected:?}");
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_before_anything_is_done() {
    let house = TestApp::new().await;
    let mut account = new_account("kim@example.com", PASSWORD);
    account.email = "kim".to_owned();
    let rejected = house.accounts.sign_up(account, &from([192, 0, 2, 1])).await;
    assert!(
        matches!(rejected, Err(SignUpRejected::Fields(ref found)) if *found == [AccountRejected::Email]),
        "{rejected:?}"
    );

    let mut account = new_account("kim@example.com", PASSWORD);
    account.name = Some("evil\u{202E}name".to_owned());
    let rejected = house.accounts.sign_up(account, &from([192, 0, 2, 1])).await;
    assert!(
        matches!(rejected, Err(SignUpRejected::Fields(ref found)) if *found == [AccountRejected::Name(LineRejected::IllegalCharacter)]),
        "{rejected:?}"
    );

    for (password, why) in [
        ("short", PasswordRejected::TooShort { min: 10 }),
        ("Password123!", PasswordRejected::Common),
        ("Volleyball22", PasswordRejected::Predictable),
        ("Test.Person.1", PasswordRejected::ContainsIdentity),
    ] {
        let rejected = house.accounts.sign_up(new_account("kim@example.com", password), &from([192, 0, 2, 1])).await;
        assert!(
            matches!(rejected, Err(SignUpRejected::Fields(ref found)) if *found == [AccountRejected::Password(why)]),
            "{password}: {rejected:?}"
        );
    }
    assert!(house.audit_log().await.is_empty());
}

#[tokio::test]
async fn an_address_makes_only_so_many_accounts_an_hour() {
    let house = TestApp::with(|config| config.throttling.sign_ups_per_address = 2).await;
    let origin = from([192, 0, 2, 1]);
    for number in 0..2 {
        house.accounts.sign_up(new_account(&format!("kim{number}@example.com"), PASSWORD), &origin).await.unwrap();
    }
    let rejected = house.accounts.sign_up(new_account("kim9@example.com", PASSWORD), &origin).await;
    assert!(matches!(rejected, Err(SignUpRejected::Throttled { .. })), "{rejected:?}");
    house.clock.advance(std::time::Duration::from_hours(1));
    assert!(house.accounts.sign_up(new_account("kim9@example.com", PASSWORD), &origin).await.is_ok());
}
