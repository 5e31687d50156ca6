//! People are told what happens to their accounts.

use std::collections::BTreeSet;
use std::time::Duration;

use haechi::admin::{Authority, users};
use haechi::model::mail::MailPurpose;
use haechi::support::Secret;

use super::{EMAIL, NEW_PASSWORD, signed_up};
use crate::support::app::{PASSWORD, TestApp};
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
    users::set_password(admin, &by, kim.id, &Secret::from(NEW_PASSWORD)).await.unwrap();
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
