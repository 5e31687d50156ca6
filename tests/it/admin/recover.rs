//! The way back of an administrator who lost every other one, for who has the server itself in hand.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::users::{Recovery, recover};
use haechi::admin::{Authority, Rejected};
use haechi::model::User;
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::mail::MailPurpose;
use haechi::model::policy::FactorPolicy;
use haechi::store::Change;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::{Authenticator, options};
use crate::support::builders;
use crate::support::mailbox;

const OWNER: &str = "owner@example.com";
const REASON: &str = "every device lost, seen in person";

/// A house in which administrators must have a second factor, and its owner.
async fn house() -> (TestApp, User) {
    let required = FactorPolicy::Required;
    let house = mailbox::house(|config| config.accounts.administrators_second_factor = required).await;
    let owner = house.administrator(OWNER).await;
    // Mail tells of what happens from now on.
    house.clock.advance(Duration::from_secs(1));
    (house, owner)
}

/// A passkey of the owner, who signed in by it and lost it.
async fn lost(house: &TestApp, owner: &User) -> Authenticator {
    let mut device = Authenticator::new(ISSUER, "lost");
    let added = house.signed_in(owner).await.add_passkey(&mut device, "Phone").await;
    assert!(added.has("saved"), "{}", added.body);
    device
}

async fn recovered(house: &TestApp, user: &User) -> Option<Recovery> {
    recover(&house.admin, &Authority::operator(), user.id, REASON).await.unwrap()
}

/// The link that is printed where nobody signs in by password.
async fn link(house: &TestApp, user: &User) -> String {
    match recovered(house, user).await {
        Some(Recovery::Link { token, .. }) => format!("/reset?token={}", token.expose()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn mfa_006_neither_a_lost_app_nor_a_lost_passkey_stands_in_the_way() {
    for (app, passkey) in [(true, false), (false, true), (true, true)] {
        let (house, mut owner) = house().await;
        let mut device = if passkey { Some(lost(&house, &owner).await) } else { None };
        if app {
            owner = house.phone_of(&owner).await.user;
        }
        let mut before = house.signed_in(&owner).await;
        let Some(Recovery::Password(password)) = recovered(&house, &owner).await else { panic!("no password") };
        assert_eq!(before.get("/account").await.url.path(), "/login", "everything ended");
        let factors = house.accounts.factors(owner.id).await.unwrap();
        assert!(!factors.any() && !factors.passkey && factors.offered);
        // It is the first factor, and another one is added: nothing that is lost is asked for.
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let add = browser.submit(&login, "login", &[("email", OWNER), ("password", password.expose())]).await;
        assert!(add.has("second-step-add") && add.has("passkey"), "{app} {passkey}: {} {}", add.url, add.body);
        let answer = Authenticator::new(ISSUER, "new").create(&options(&add));
        let account = browser.submit(&add, "passkey", &[("answer", &answer)]).await;
        assert!(account.has("account-name"), "{}", account.body);
        if let Some(device) = &mut device {
            let mut other = house.browser();
            let login = other.get("/login").await;
            assert!(other.use_passkey(&login, device).await.has("problem"), "whoever has it has nothing more");
        }
        let entries = house.audit(AuditKind::AccountRecovered).await;
        assert_eq!(entries.iter().map(|entry| entry.detail.as_deref()).collect::<Vec<_>>(), [Some(REASON)]);
        let removed = house.audit(AuditKind::PasskeyRemoved).await;
        assert_eq!(removed.len(), usize::from(passkey));
        for entry in removed {
            let said = (entry.actor, entry.user, entry.detail.as_deref().map(str::to_owned));
            assert_eq!(said, (Actor::Operator, Some(owner.id), Some("Phone".to_owned())));
        }
        let told = house.mails_for(OWNER, MailPurpose::Notice).await;
        assert!(told.iter().any(|letter| letter.subject.contains("was recovered")), "{told:?}");
    }
}

#[tokio::test]
async fn mfa_006_where_nobody_signs_in_by_password_a_link_makes_a_passkey_in_the_place_of_all_that_there_is() {
    let (house, owner) = house().await;
    let mut device = lost(&house, &owner).await;
    house.decide_sign_in(|policy| policy.passwords = false).await;
    let mut before = house.browser();
    let login = before.get("/login").await;
    assert!(before.use_passkey(&login, &mut device).await.has("account-name"));
    let link = link(&house, &owner).await;
    assert_eq!(house.audit(AuditKind::AccountRecovered).await[0].detail.as_deref(), Some(REASON));
    assert_eq!(before.get("/account").await.url.path(), "/login", "everything ended");
    // Until it is used there is a way in to the server: the last one is never the first to go.
    assert_eq!(house.passkeys.of(owner.id).await.unwrap().len(), 1);
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    assert!(page.has("passkey") && !page.has("reset") && page.text("whose").contains(OWNER), "{}", page.body);
    // It sets no password.
    let token = link.split_once('=').unwrap().1;
    let csrf = house.csrf(&browser, "/reset").await;
    let fields = [("csrf", csrf.as_str()), ("token", token), ("password", "three quiet boats at noon")];
    assert_eq!(browser.post_once("/reset", &fields).await.status, StatusCode::GONE);
    let mut new = Authenticator::new(ISSUER, "new");
    let answer = new.create(&options(&page));
    let account = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    assert!(account.has("account-name"), "{}", account.body);
    let left = house.passkeys.of(owner.id).await.unwrap();
    assert_eq!(left.iter().map(|one| one.credential_id.as_bytes()).collect::<Vec<_>>(), [&new.credential_id[..]]);
    assert!(house.stores.users.password(owner.id).await.unwrap().is_none());
    assert_eq!(house.user_of(OWNER).await.email_verified, owner.email_verified, "nobody read a mailbox for it");
    // Once, and what was lost signs in no more.
    assert!(browser.get(&link).await.has("link-spent"));
    for (one, signs_in) in [(&mut device, false), (&mut new, true)] {
        let mut other = house.browser();
        let login = other.get("/login").await;
        assert_eq!(other.use_passkey(&login, one).await.has("account-name"), signs_in);
    }
    assert_eq!(house.audit(AuditKind::PasskeyRemoved).await.len(), 1);
    assert_eq!(house.audit(AuditKind::PasskeyAdded).await[0].user, Some(owner.id));
}

#[tokio::test]
async fn mfa_006_the_link_works_for_an_hour_and_the_newest_one_alone() {
    let (house, owner) = house().await;
    lost(&house, &owner).await;
    house.decide_sign_in(|policy| policy.passwords = false).await;
    let first = link(&house, &owner).await;
    let second = link(&house, &owner).await;
    assert!(house.browser().get(&first).await.has("link-spent"));
    assert!(house.browser().get(&second).await.has("passkey"));
    house.clock.advance(Duration::from_hours(1));
    assert!(house.browser().get(&second).await.has("link-spent"));
    // What ends everything of the account ends it, too, and so does switching passkeys off.
    let third = link(&house, &owner).await;
    house.accounts.sign_out_everywhere(owner.id).await.unwrap();
    assert!(house.browser().get(&third).await.has("link-spent"));
    let fourth = link(&house, &owner).await;
    house
        .decide_sign_in(|policy| {
            policy.passwords = true;
            policy.passkeys = false;
        })
        .await;
    assert!(house.browser().get(&fourth).await.has("link-spent"));
}

#[tokio::test]
async fn mfa_006_without_a_reason_nothing_is_done() {
    let (house, owner) = house().await;
    for reason in ["", "  ", "two\nlines"] {
        let refused = recover(&house.admin, &Authority::operator(), owner.id, reason).await;
        assert!(matches!(refused, Err(Rejected::Invalid(_))), "{reason:?}: {refused:?}");
    }
    assert_eq!(house.user_of(OWNER).await.epochs(), owner.epochs());
    assert!(house.audit(AuditKind::AccountRecovered).await.is_empty());
}

#[tokio::test]
async fn mfa_006_who_has_no_role_is_not_recovered_and_where_nothing_counts_nothing_is_done() {
    let (house, _) = house().await;
    let bob = house.user("bob@example.com").await;
    assert!(recover(&house.admin, &Authority::operator(), bob.id, REASON).await.is_err());
    // At an address that browsers have no passkeys for, without passwords.
    let house = TestApp::with(|config| config.server.issuer = "http://127.0.0.1:8080".to_owned()).await;
    let owner = house.administrator(OWNER).await;
    house.commit(vec![Change::InsertPasskey(Box::new(builders::passkey(&owner)))]).await;
    house.decide_sign_in(|policy| policy.passwords = false).await;
    assert!(recovered(&house, &owner).await.is_none());
    assert_eq!(house.user_of(OWNER).await.epochs(), owner.epochs());
    house.decide_sign_in(|policy| policy.passwords = true).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let typed = [("email", OWNER), ("password", PASSWORD)];
    assert!(browser.submit(&login, "login", &typed).await.has("account-name"));
}
