//! Signing in by password.

use haechi::admin::{Authority, users};
use haechi::identity::accounts::SignInRejected;
use haechi::model::audit_event::AuditKind;
use haechi::support::request::RequestIds;
use haechi::support::{Request, Secret};

use crate::support::accounts::{PASSWORD, from};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_person_signs_up_and_in_with_any_spelling_of_the_address() {
    let house = TestApp::new().await;
    let user = house.sign_up("Kim@Example.com").await;
    for spelling in ["Kim@Example.com", "kim@example.COM", "  kim@example.com "] {
        let signed_in = house.log_in(spelling, PASSWORD, &from([192, 0, 2, 1])).await.unwrap();
        assert_eq!(signed_in.id, user.id, "{spelling}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_are_refused_alike() {
    let house = TestApp::new().await;
    house.sign_up("kim@example.com").await;
    for (email, password) in [
        ("kim@example.com", "a tandem for two heron"),
        ("kim@example.com", "A tandem for two herons"),
        ("kim@example.com", ""),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("", ""),
        ("kim@example.com", "nul\0"),
    ] {
        let rejected = house.log_in(email, password, &from([192, 0, 2, 1])).await.unwrap_err();
        assert!(matches!(rejected, SignInRejected::WrongCredentials), "{email} {password}: {rejected:?}");
    }
}

#[tokio::test]
async fn only_the_owner_learns_that_an_account_is_disabled() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    users::set_enabled(&house.admin, &Authority::operator(), user.id, false).await.unwrap();
    let wrong = house.log_in("kim@example.com", "wrong password", &from([192, 0, 2, 1])).await;
    assert!(matches!(wrong, Err(SignInRejected::WrongCredentials)), "{wrong:?}");
    let right = house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await;
    assert!(matches!(right, Err(SignInRejected::Disabled)), "{right:?}");
}

#[tokio::test]
async fn an_account_without_a_password_cannot_sign_in_by_one() {
    let house = TestApp::new().await;
    let new = users::UserResource { email: Some("kim@example.com".to_owned()), ..users::UserResource::default() };
    users::create(&house.admin, &Authority::operator(), new).await.unwrap();
    for password in ["", PASSWORD] {
        let rejected = house.log_in("kim@example.com", password, &from([192, 0, 2, 1])).await;
        assert!(matches!(rejected, Err(SignInRejected::WrongCredentials)), "{rejected:?}");
    }
}

#[tokio::test]
async fn signing_in_renews_a_hash_whose_parameters_are_old() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let house = house.restarted(|config| config.accounts.argon2_memory_kib = 128).await;
    house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await.unwrap();
    let credential = house.stores.users.password(user.id).await.unwrap().unwrap();
    assert!(credential.phc.expose().starts_with("$argon2id$v=19$m=128,"), "{}", credential.phc.expose());
    let again = house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await.unwrap();
    assert_eq!(again.not_before, user.not_before, "nothing else changed");
}

#[tokio::test]
async fn the_audit_log_tells_who_signed_in_and_never_what_was_typed() {
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    house.tick();
    let ids = RequestIds::new(house.random.as_ref());
    let asked = |last| Request { id: ids.next(), address: [192, 0, 2, last].into() };
    let requests = [1, 2, 3].map(asked);
    let addresses = [1, 2, 3].map(|last| from([192, 0, 2, last]));
    requests[0].scope(house.log_in("kim@example.com", PASSWORD, &addresses[0])).await.unwrap();
    house.tick();
    requests[1].scope(house.log_in("kim@example.com", "hunter2hunter2", &addresses[1])).await.unwrap_err();
    house.tick();
    requests[2].scope(house.log_in("typed-a-password-here", "x", &addresses[2])).await.unwrap_err();
    let log = house.audit_log().await;
    let seen: Vec<_> = log.iter().map(|e| (e.kind, e.user, e.address.as_deref().unwrap_or(""))).collect();
    assert_eq!(seen[0], (AuditKind::SignInFailed, None, "192.0.2.3"));
    assert_eq!(seen[1], (AuditKind::SignInFailed, Some(user.id), "192.0.2.2"));
    assert_eq!(seen[2], (AuditKind::SignedIn, Some(user.id), "192.0.2.1"));
    let asked: Vec<_> = log.iter().take(3).map(|entry| entry.request.clone().unwrap()).collect();
    assert_eq!(asked, [2, 1, 0].map(|n: usize| requests[n].id.to_string()));
    let written = format!("{log:?}");
    assert!(!written.contains("typed-a-password-here") && !written.contains("hunter2"), "{written}");
}

#[tokio::test]
async fn a_password_that_was_just_set_has_not_been_guessed_at() {
    const NEW: &str = "five slow tortoises at noon";
    let house = TestApp::new().await;
    let user = house.sign_up("kim@example.com").await;
    let (operator, here) = (Authority::operator(), from([192, 0, 2, 1]));
    let throttled = async |password: &str| {
        matches!(house.log_in("kim@example.com", password, &here).await, Err(SignInRejected::Throttled { .. }))
    };
    while !throttled("a password that was forgotten").await {}
    assert!(throttled(PASSWORD).await, "the right one has to wait as well");
    users::revoke_sessions(&house.admin, &operator, user.id).await.unwrap();
    assert!(throttled(PASSWORD).await, "that everything was ended says nothing of the password");
    house.tick();
    let new = Secret::new(NEW.to_owned());
    users::set_password(&house.admin, &operator, user.id, &new, "seen in person").await.unwrap();
    assert_eq!(house.log_in("kim@example.com", NEW, &here).await.unwrap().id, user.id);
    while !throttled("a password that was forgotten").await {}
    assert!(throttled(NEW).await, "guesses at the new one count as ever");
}
