//! People are told what happens to their accounts.

use std::collections::BTreeSet;
use std::time::Duration;

use haechi::admin::{Authority, users};
use haechi::model::mail::MailPurpose;
use haechi::support::Secret;

use super::{EMAIL, NEW_PASSWORD, signed_up};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::mailbox::house;

async fn told(house: &TestApp, email: &str) -> Vec<String> {
    let mut told: Vec<String> =
        house.mails_for(email, MailPurpose::Notice).await.into_iter().map(|letter| letter.subject).collect();
    told.reverse();
    told
}

#[tokio::test]
async fn what_happens_to_an_account_is_told_once_however_many_nodes_look() {
    let house = house(|_| ()).await;
    let other = house.second_node().await;
    let kim = house.user(EMAIL).await;
    house.clock.advance(Duration::from_secs(1));
    let (admin, by) = (&house.admin, Authority::operator());
    users::set_password(admin, &by, kim.id, &Secret::from(NEW_PASSWORD), "seen in person").await.unwrap();
    users::set_enabled(admin, &by, kim.id, false).await.unwrap();
    users::set_enabled(admin, &by, kim.id, true).await.unwrap();
    users::revoke_sessions(admin, &by, kim.id).await.unwrap();
    house.audit.seal().await.unwrap();
    tokio::join!(house.send_mail(), other.send_mail());
    // Made in one instant, they have no order.
    assert_eq!(
        told(&house, EMAIL).await.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(
            [
                "Haechi: your password was changed",
                "Haechi: your account was disabled",
                "Haechi: your account works again",
                "Haechi: you were signed out everywhere"
            ]
            .map(str::to_owned)
        )
    );
    other.send_mail().await;
    assert_eq!(told(&house, EMAIL).await.len(), 4, "and no second time");
}

#[tokio::test]
async fn whoever_deletes_an_account_has_its_address_told_in_the_same_moment() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    house.clock.advance(Duration::from_secs(1));
    users::delete(&house.admin, &Authority::operator(), kim.id).await.unwrap();
    assert_eq!(told(&house, EMAIL).await, ["Haechi: your account was deleted"]);
    assert!(house.outbox().await.iter().all(|mail| mail.user.is_none()), "there is no account that it is about");
}

#[tokio::test]
async fn a_sign_in_is_told_where_the_browser_is_not_known_and_only_there() {
    let house = house(|_| ()).await;
    let mut own = signed_up(&house, EMAIL).await;
    house.clock.advance(Duration::from_hours(24));
    let sign_in = [("email", EMAIL), ("password", PASSWORD)];
    // The browser that the account was made in.
    let page = own.get("/account/sessions").await;
    assert_eq!(page.url.path(), "/account/sessions");
    own.set_cookie(own.session_cookie_name(), "-");
    let page = own.get("/login").await;
    own.submit(&page, "login", &sign_in).await;
    assert_eq!(told(&house, EMAIL).await, Vec::<String>::new());
    let mut other = house.browser();
    let page = other.get("/login").await;
    other.submit(&page, "login", &[("email", EMAIL), ("password", "not the password")]).await;
    assert_eq!(told(&house, EMAIL).await, Vec::<String>::new(), "who does not get in is nobody's news");
    let page = other.get("/login").await;
    other.submit(&page, "login", &sign_in).await;
    assert_eq!(told(&house, EMAIL).await, ["Haechi: a new sign-in"]);
    let mut again = other.clone();
    again.set_cookie(again.session_cookie_name(), "-");
    let page = again.get("/login").await;
    again.submit(&page, "login", &sign_in).await;
    assert_eq!(told(&house, EMAIL).await.len(), 1, "it is known from now on");
}

/// One mechanism, whatever the way in was; and who does not get past the second factor is nobody's news.
#[tokio::test]
async fn every_way_in_is_told_of_in_a_browser_that_is_not_known() {
    let house = house(|_| ()).await;
    super::decide(&house, serde_json::json!({ "email_sign_in": true })).await;
    let mut own = signed_up(&house, EMAIL).await;
    let mut device = crate::support::authenticator::Authenticator::new(house.issuer(), "kim");
    own.add_passkey(&mut device, "").await;
    let new = "Haechi: a new sign-in";
    let count = |told: Vec<String>| told.iter().filter(|subject| *subject == new).count();
    let mut by_passkey = house.browser();
    let login = by_passkey.get("/login").await;
    assert!(by_passkey.use_passkey(&login, &mut device).await.has("account-name"));
    assert_eq!(count(told(&house, EMAIL).await), 1);
    let login = by_passkey.get("/login").await;
    assert_eq!(login.url.path(), "/account");
    let kim = house.user_of(EMAIL).await;
    house.commit(vec![haechi::store::Change::UpdateUser(haechi::model::User { email_verified: true, ..kim })]).await;
    let mut by_mail = house.browser();
    let login = by_mail.get("/login").await;
    let page = super::ask_to_sign_in(&mut by_mail, &login, EMAIL).await;
    let code = super::code(&house, MailPurpose::SignIn).await;
    assert_eq!(by_mail.submit(&page, "code-form", &[("code", &code)]).await.url.path(), "/account");
    assert_eq!(count(told(&house, EMAIL).await), 2);
    let phone = house.phone_of(&house.user_of(EMAIL).await).await;
    let mut by_password = house.browser();
    let login = by_password.get("/login").await;
    let asked = house.password_in(&mut by_password, &login, EMAIL).await;
    assert!(asked.has("second-step"));
    assert_eq!(count(told(&house, EMAIL).await), 2, "half a login is none");
    by_password.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert_eq!(count(told(&house, EMAIL).await), 3);
}

/// Told once a day, and not an instrument to fill a mailbox with.
#[tokio::test]
async fn guesses_that_are_held_back_are_told_of_once_a_day() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    house.clock.advance(Duration::from_secs(1));
    let subject = "Haechi: many wrong passwords";
    for quarter in 0..3 {
        let mut stranger = house.browser();
        for _ in 0..30 {
            let page = stranger.get("/login").await;
            stranger.submit(&page, "login", &[("email", EMAIL), ("password", "a wrong password")]).await;
        }
        assert_eq!(told(&house, EMAIL).await, [subject], "quarter {quarter}");
        house.clock.advance(Duration::from_mins(15));
    }
    house.clock.advance(Duration::from_hours(24));
    let mut stranger = house.browser();
    for _ in 0..30 {
        let page = stranger.get("/login").await;
        stranger.submit(&page, "login", &[("email", EMAIL), ("password", "a wrong password")]).await;
    }
    assert_eq!(told(&house, EMAIL).await, [subject, subject]);
}

/// Whoever types wrong codes knows the password already.
#[tokio::test]
async fn codes_that_are_held_back_are_told_of() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    house.phone_of(&kim).await;
    let mut stranger = house.browser();
    let login = stranger.get("/login").await;
    let asked = house.password_in(&mut stranger, &login, EMAIL).await;
    for _ in 0..8 {
        stranger.submit(&asked, "second", &[("code", "000000")]).await;
    }
    let subjects = told(&house, EMAIL).await;
    assert_eq!(subjects.iter().filter(|subject| *subject == "Haechi: many wrong codes").count(), 1, "{subjects:?}");
}

#[tokio::test]
async fn a_sign_in_by_passkey_is_told_of_as_one_by_password() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    let mut device = Authenticator::new(house.issuer(), "kim");
    let mut own = house.signed_in(&kim).await;
    own.add_passkey(&mut device, "").await;
    house.clock.advance(Duration::from_hours(24));
    let before = told(&house, EMAIL).await.len();
    let mut other = house.browser();
    for again in 0..2 {
        other.set_cookie(other.session_cookie_name(), "-");
        let page = other.get("/login").await;
        let account = other.use_passkey(&page, &mut device).await;
        assert!(account.has("account-name"), "{}", account.body);
        let told = told(&house, EMAIL).await;
        assert_eq!(told.len(), before + 1, "{again}: it is known from now on");
        assert!(told.iter().any(|subject| subject == "Haechi: a new sign-in"), "{told:?}");
    }
}

#[tokio::test]
async fn people_are_told_in_their_own_language() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    house.clock.advance(Duration::from_secs(1));
    let korean = serde_json::from_value(serde_json::json!({ "locale": "ko" })).unwrap();
    users::update(&house.admin, &Authority::operator(), kim.id, &korean).await.unwrap();
    users::set_enabled(&house.admin, &Authority::operator(), kim.id, false).await.unwrap();
    assert_eq!(told(&house, EMAIL).await, ["Haechi: 계정 이용이 정지됐어요"]);
}

#[tokio::test]
async fn where_no_mail_leaves_nothing_waits_for_the_day_on_which_it_does() {
    let house = TestApp::new().await;
    let kim = house.user(EMAIL).await;
    house.clock.advance(Duration::from_secs(1));
    users::set_enabled(&house.admin, &Authority::operator(), kim.id, false).await.unwrap();
    house.send_mail().await;
    let house = house.restarted(|config| config.mail.transport = Some(haechi::config::mail::MailTransport::File)).await;
    assert_eq!(house.send_mail().await, 0);
}
