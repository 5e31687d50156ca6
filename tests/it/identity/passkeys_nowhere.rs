//! An address that browsers have no passkeys for, and somebody who has one from elsewhere: told why, and let in by what there is.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, Rejected, users};
use haechi::app;
use haechi::config::mail::MailTransport;
use haechi::model::User;
use haechi::model::policy::FactorPolicy;
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::sessions::{Adding, Means, Onward, Then};
use haechi::store::Change;
use haechi::support::Clock;
use haechi::support::id::LinkId;

use crate::support::app::TestApp;
use crate::support::builders;
use crate::support::factors::Phone;

const ALICE: &str = "alice@example.com";
const WHY: &str = "a domain name and HTTPS";
/// With mail and without.
const MAILS: [(bool, MailTransport); 2] = [(true, MailTransport::File), (false, MailTransport::None)];

/// A house at an IP address, and Alice, who made a passkey when it had a name.
async fn house(mail: MailTransport) -> (TestApp, User) {
    let house = TestApp::with(|config| {
        "http://127.0.0.1:8080".clone_into(&mut config.server.issuer);
        config.mail.transport = Some(mail);
    })
    .await;
    let alice = house.user(ALICE).await;
    house.commit(vec![Change::InsertPasskey(Box::new(builders::passkey(&alice)))]).await;
    (house, alice)
}

#[tokio::test]
async fn the_page_to_sign_in_says_why_there_is_no_passkey_and_what_there_is() {
    for (mails, transport) in MAILS {
        let (house, _) = house(transport).await;
        let login = house.browser().get("/login").await;
        assert!(login.text("no-passkeys").contains(WHY) && !login.has("passkey"), "{}", login.body);
        assert_eq!(login.has("to-reset"), mails);
        assert_eq!(login.text("no-passkeys").contains("administrator"), !mails);
    }
    let (house, _) = house(MailTransport::File).await;
    house.decide_sign_in(|policy| policy.by_mail = true).await;
    let login = house.browser().get("/login").await;
    assert!(login.has("by-mail") && login.text("no-passkeys").contains("Have a link mailed to you to sign in by."));
}

/// A passkey that nobody can prove is no second factor, neither where one is asked for nor where one is added.
#[tokio::test]
async fn who_must_have_a_second_factor_is_told_why_their_passkey_is_none_and_adds_an_app() {
    let (house, alice) = house(MailTransport::None).await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    assert!(asked.has("second-step-add") && !asked.has("passkey"), "{}", asked.body);
    assert!(asked.text("why").contains(WHY), "{}", asked.body);
    let code = Phone::reading(&asked, &alice).code(&house);
    let added = browser.submit(&asked, "second", &[("code", &code), ("name", "Phone")]).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    assert!(house.has_session(&browser).await, "{}", added.body);
    assert!(house.accounts.factors(alice.id).await.unwrap().any());
}

/// A login that waited for a passkey when there were some.
#[tokio::test]
async fn a_second_step_that_waits_for_a_passkey_says_why_it_is_none_and_leads_on() {
    for (mails, transport) in MAILS {
        let (house, alice) = house(transport).await;
        let mut browser = house.browser();
        browser.ensure_cookie().await;
        let (visitor, sessions) = (browser.visitor(), &house.flow.sessions);
        let login = (Then::Begin(Means::Password), Onward::Page("/account".to_owned()));
        let waits = sessions.keep_pending(&visitor, &alice, login, Adding::default()).await.unwrap();
        let page = browser.get(&format!("/second-step?login={waits}")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
        assert!(page.has("second-step-no-passkey") && page.text("why").contains(WHY), "{}", page.body);
        assert_eq!(page.has("to-forgot"), mails, "{}", page.body);
        assert!(page.text("whose").contains(ALICE));
        let again = browser.get(&page.link("go-on")).await;
        assert!(house.password_in(&mut browser, &again, ALICE).await.has("account-name"));
    }
}

#[tokio::test]
async fn who_is_asked_who_they_are_and_has_nothing_but_a_passkey_is_told_why_that_does_not_do() {
    for (mails, transport) in MAILS {
        let (house, alice) = house(transport).await;
        house.commit(vec![Change::DeletePassword(alice.id)]).await;
        let mut browser = house.signed_in(&alice).await;
        house.clock.advance(Duration::from_mins(20));
        let page = browser.get("/account/delete").await;
        let asked = browser.submit(&page, "delete", &[("address", ALICE)]).await;
        assert!(asked.has("step-up") && asked.has("no-way"), "{}", asked.body);
        assert!(asked.text("why").contains(WHY), "{}", asked.body);
        assert_eq!(asked.has("to-forgot"), mails, "{}", asked.body);
    }
}

/// Nor is it a way in beside the last one: that stays, for whoever removes it, and the passkey goes.
#[tokio::test]
async fn the_last_way_in_stays_beside_a_passkey_that_nobody_can_prove() {
    let (house, alice) = house(MailTransport::None).await;
    app::take_up(&house.app).await.unwrap();
    let now = house.clock.now();
    let google = builders::connection("google", "google", "client", now, house.random.as_ref());
    let identity = UpstreamIdentity { connection: google.id, subject: UpstreamSubject::parse("alice").unwrap() };
    let account = UpstreamAccount { identity: identity.clone(), label: ALICE.to_owned(), tokens: None };
    let link = UpstreamLink::new(LinkId::new(now, house.random.as_ref()), account, alice.id, now);
    let epochs = LinkEpochs { user: alice.epochs(), connection: google.epoch };
    let linked = [Change::InsertConnection(Box::new(google)), Change::InsertUpstreamLink(link, epochs)];
    house.commit(linked.into()).await;
    house.commit(vec![Change::DeletePassword(alice.id)]).await;
    let by = Authority::operator();
    let refused = users::unlink(&house.admin, &by, alice.id, identity).await;
    assert!(matches!(refused, Err(Rejected::LastWayIn)), "{refused:?}");
    let id = house.passkeys.of(alice.id).await.unwrap()[0].id;
    assert!(users::remove_passkey(&house.admin, &by, alice.id, id, "made elsewhere").await.unwrap());
}
