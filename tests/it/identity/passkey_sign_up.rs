//! Accounts that are made by a passkey alone.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::config::Config;
use haechi::config::mail::MailTransport;
use haechi::model::audit_event::AuditKind;
use haechi::model::policy::{SignUp, Verification};
use haechi::model::user::EmailAddress;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, UP, options};

#[tokio::test]
async fn an_app_hears_of_somebody_who_has_no_password() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let mut browser = house.browser();
    let page = browser.get(&Ask::of("app").with("prompt", "create").url()).await;
    let asked: Value = serde_json::from_str(&options(&page)).unwrap();
    let selection = &asked["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    let mut device = Authenticator::new(ISSUER, "kim");
    let answer = device.create(&options(&page));
    let filled = [("name", "Kim"), ("email", "kim@example.com"), ("answer", &answer)];
    let sent = browser.submit(&page, "passkey", &filled).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    let kim = house.user_of("kim@example.com").await;
    assert_eq!((&claims["sub"], &claims["acr"]), (&json!(kim.id.to_string()), &json!("phr")));
    assert_eq!(kim.name(), Some("Kim"));
    assert!(house.stores.users.password(kim.id).await.unwrap().is_none());
    assert_eq!(house.audit(AuditKind::UserCreated).await[0].detail.as_deref(), Some("passkey"));
    // The passkey signs in again, and nothing else does.
    let mut other = house.browser();
    let page = other.get("/login").await;
    assert!(other.use_passkey(&page, &mut device).await.has("account-name"));
    let page = house.browser().get("/login").await;
    let wrong = house.browser().submit(&page, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert!(!wrong.has("account-name"));
}

#[tokio::test]
async fn of_a_hundred_who_send_one_answer_at_once_one_account_comes() {
    let house = TestApp::with(|config| config.throttling.sign_ups_per_address = 1000).await;
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let answer = Authenticator::new(ISSUER, "kim").create(&options(&page));
    let tries = (0..100).map(|n| {
        let (mut browser, page, answer) = (browser.clone(), &page, &answer);
        let email = format!("kim{}@example.com", n % 2);
        async move {
            let filled = [("email", email.as_str()), ("answer", answer)];
            browser.submit_once(page, "passkey", &filled).await.status.is_redirection()
        }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|one| *one).count(), 1);
    let mut made = 0;
    for n in 0..2 {
        let email = EmailAddress::parse(&format!("kim{n}@example.com")).unwrap();
        made += usize::from(house.stores.users.find_by_email(&email).await.unwrap().is_some());
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn an_address_that_is_taken_is_answered_as_by_the_password_door() {
    let house = TestApp::new().await;
    house.user("alice@example.com").await;
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let by_password = browser.submit(&page, "signup", &[("email", "alice@example.com"), ("password", PASSWORD)]).await;
    let by_passkey = browser.sign_up_by_passkey("alice@example.com", &mut Authenticator::new(ISSUER, "mallory")).await;
    assert_eq!(by_passkey.status, by_password.status);
    assert_eq!(by_passkey.text("email-problem"), by_password.text("email-problem"));
    assert!(!by_passkey.text("email-problem").is_empty(), "{}", by_passkey.body);
    assert!(by_passkey.body.contains("signalUnknownCredential"), "the passkey was made in vain");
}

#[tokio::test]
async fn each_try_counts_and_wrong_ones_make_nothing() {
    let house = TestApp::new().await;
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let mut device = Authenticator::new(ISSUER, "kim");
    let answer = device.create(&options(&page));
    for (email, status) in [("no address", StatusCode::UNPROCESSABLE_ENTITY), ("", StatusCode::UNPROCESSABLE_ENTITY)] {
        let sent = browser.submit(&page, "passkey", &[("email", email), ("answer", &answer)]).await;
        assert_eq!(sent.status, status, "{}", sent.body);
    }
    // Its authenticator did not make sure of its user.
    device.flags = UP;
    let refused = browser.sign_up_by_passkey("kim@example.com", &mut device).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    // The answer of another browser, and one that is too old.
    let mut thief = house.browser();
    let own = thief.get("/signup").await;
    let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
    let filled = [("email", "kim@example.com"), ("answer", answer.as_str()), ("ticket", &ticket)];
    assert_eq!(thief.submit(&own, "passkey", &filled).await.status, StatusCode::CONFLICT);
    house.clock.advance(Duration::from_mins(30));
    assert_eq!(browser.submit(&page, "passkey", &filled).await.status, StatusCode::CONFLICT);
    let kim = EmailAddress::parse("kim@example.com").unwrap();
    assert!(house.stores.users.find_by_email(&kim).await.unwrap().is_none());
    // So many from one address, and no more.
    let limit = house.config.throttling.sign_ups_per_address;
    let mut last = StatusCode::OK;
    for n in 0..=limit {
        let mut device = Authenticator::new(ISSUER, &format!("kim{n}"));
        last = house.browser().sign_up_by_passkey(&format!("kim{n}@example.com"), &mut device).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn where_passwords_do_not_count_it_is_the_way_and_who_may_is_asked_the_same() {
    let house = TestApp::new().await;
    // Somebody who owns the server has to be able to sign in without.
    let owner = house.administrator("owner@example.com").await;
    house.signed_in(&owner).await.add_passkey(&mut Authenticator::new(ISSUER, "owner"), "").await;
    house
        .decide_sign_in(|policy| {
            policy.passwords = false;
            policy.sign_up = SignUp::Domains(["example.org".to_owned()].into());
        })
        .await;
    let page = house.browser().get("/signup").await;
    assert!(page.has("passkey") && !page.has("signup") && !page.has("no-passwords"), "{}", page.body);
    let refused = house.browser().sign_up_by_passkey("kim@example.com", &mut Authenticator::new(ISSUER, "kim")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = house.browser().sign_up_by_passkey("kim@example.org", &mut Authenticator::new(ISSUER, "kim")).await;
    assert!(made.has("account-name"), "{}", made.body);
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let answer = Authenticator::new(ISSUER, "lee").create(&options(&page));
    house.decide_sign_in(|policy| policy.sign_up = SignUp::Closed).await;
    let closed = browser.submit(&page, "passkey", &[("email", "lee@example.org"), ("answer", &answer)]).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_address_is_there_to_recover_by_and_without_mail_the_page_says_what_a_loss_means() {
    let mailing = |config: &mut Config| config.mail.transport = Some(MailTransport::File);
    let house = TestApp::with(mailing).await;
    house.decide_sign_in(|policy| policy.verification = Verification::BeforeLogin).await;
    let page = house.browser().get("/signup").await;
    assert!(page.text("passkey-loss").contains("mailed link"), "{}", page.body);
    house.browser().sign_up_by_passkey("kim@example.com", &mut Authenticator::new(ISSUER, "kim")).await;
    assert_eq!(house.mailbox("kim@example.com").await.len(), 1, "the address is to be confirmed first");
    let page = TestApp::new().await.browser().get("/signup").await;
    assert!(page.text("passkey-loss").contains("loses the account"), "{}", page.body);
}
