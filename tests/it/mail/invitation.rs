//! Invitations: accepted by a passkey alone, and what is shown of accounts that nobody accepted yet.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::MailPurpose;
use haechi::model::user::Role;
use haechi::store::UserQuery;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, is_verified};
use crate::pages::holder;
use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::{Authenticator, UP, UV, options};
use crate::support::mailbox;

async fn invited(house: &TestApp) -> (User, String) {
    let new = serde_json::from_value(json!({ "email": EMAIL, "name": "Kim" })).unwrap();
    let kim = users::invite(&house.admin, &Authority::operator(), new).await.unwrap();
    (kim, house.mails_for(EMAIL, MailPurpose::Invitation).await[0].link("/reset"))
}

#[tokio::test]
async fn somebody_who_is_invited_makes_a_passkey_and_no_password() {
    let house = mailbox::house(|_| ()).await;
    let (kim, link) = invited(&house).await;
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    assert!(page.has("reset") && page.has("passkey"), "{}", page.body);
    let mut device = Authenticator::new(ISSUER, "kim");
    // One whose authenticator did not make sure of its user uses nothing up.
    device.flags = UP;
    let answer = device.create(&options(&page));
    let refused = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    device.flags = UP | UV;
    let asked: serde_json::Value = serde_json::from_str(&options(&refused)).unwrap();
    assert_eq!((&asked["user"]["name"], &asked["user"]["displayName"]), (&json!(EMAIL), &json!("Kim")));
    let answer = device.create(&options(&refused));
    let done = browser.submit(&refused, "passkey", &[("answer", &answer)]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
    assert!(is_verified(&house, EMAIL).await);
    assert!(house.stores.users.password(kim.id).await.unwrap().is_none());
    assert_eq!(house.audit(AuditKind::InvitationAccepted).await.len(), 1);
    assert!(browser.get(&link).await.has("link-spent"));
    let mut other = house.browser();
    let login = other.get("/login").await;
    assert!(other.use_passkey(&login, &mut device).await.has("account-name"));
}

/// A link makes one account somebody's, by whichever way and however often it is tried at once.
#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_is_in() {
    let house = mailbox::house(|_| ()).await;
    let (kim, link) = invited(&house).await;
    let mut tries = Vec::new();
    for n in 0..12 {
        let mut browser = house.browser();
        let page = browser.get(&link).await;
        let answer = Authenticator::new(ISSUER, &format!("{n}")).create(&options(&page));
        tries.push((n, browser, page, answer));
    }
    let tries = tries.into_iter().map(|(n, mut browser, page, answer)| async move {
        let sent = match n {
            0 => browser.submit_once(&page, "reset", &[("password", NEW_PASSWORD)]).await,
            _ => browser.submit_once(&page, "passkey", &[("answer", &answer)]).await,
        };
        sent.status.is_redirection()
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|one| *one).count(), 1);
    let passkeys = house.stores.passkeys.of_user(kim.id).await.unwrap().len();
    let passwords = usize::from(house.stores.users.password(kim.id).await.unwrap().is_some());
    assert_eq!(passkeys + passwords, 1);
    assert_eq!(house.audit(AuditKind::InvitationAccepted).await.len(), 1);
}

#[tokio::test]
async fn an_answer_is_good_for_its_own_link_in_its_own_browser() {
    let house = mailbox::house(|_| ()).await;
    let (_, link) = invited(&house).await;
    let (mut browser, mut thief) = (house.browser(), house.browser());
    let (page, own) = (browser.get(&link).await, thief.get(&link).await);
    let answer = Authenticator::new(ISSUER, "kim").create(&options(&page));
    let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
    let filled = [("answer", answer.as_str()), ("ticket", &ticket)];
    assert_eq!(thief.submit(&own, "passkey", &filled).await.status, StatusCode::CONFLICT);
    // Another link is none of an invitation.
    house.user("lee@example.com").await;
    super::ask(&mut thief, "lee@example.com").await;
    let reset = house.mails_for("lee@example.com", MailPurpose::ResetPassword).await[0].link("/reset");
    assert!(!thief.get(&reset).await.has("passkey"));
    let token = reset.split("token=").nth(1).unwrap().to_owned();
    let filled = [("answer", answer.as_str()), ("ticket", &ticket), ("token", &token)];
    assert_ne!(browser.submit(&page, "passkey", &filled).await.url.path(), "/account");
    let lee = house.user_of("lee@example.com").await;
    assert!(house.stores.passkeys.of_user(lee.id).await.unwrap().is_empty());
    // The link works still, for who has it.
    let answer = Authenticator::new(ISSUER, "kim").create(&options(&page));
    assert_eq!(browser.submit(&page, "passkey", &[("answer", &answer)]).await.url.path(), "/account");
}

#[tokio::test]
async fn what_is_decided_says_which_ways_the_page_has() {
    let house = mailbox::house(|_| ()).await;
    let owner = house.administrator("owner@example.com").await;
    house.signed_in(&owner).await.add_passkey(&mut Authenticator::new(ISSUER, "owner"), "").await;
    let (_, link) = invited(&house).await;
    house.decide_sign_in(|policy| policy.passwords = false).await;
    let page = house.browser().get(&link).await;
    assert!(page.has("passkey") && !page.has("reset"), "{}", page.body);
    house
        .decide_sign_in(|policy| {
            policy.passwords = true;
            policy.passkeys = false;
        })
        .await;
    let mut browser = house.browser();
    let without = browser.get(&link).await;
    assert!(!without.has("passkey") && without.has("reset"), "{}", without.body);
}

#[tokio::test]
async fn until_somebody_accepts_the_account_is_shown_as_invited() {
    let house = mailbox::house(|_| ()).await;
    let (kim, link) = invited(&house).await;
    house.user("active@example.com").await;
    let by = Authority::operator();
    let mut administrator = holder(&house, Role::Administrator).await;
    let shown = async |state: &str| {
        let user = users::find(&house.admin, &by, &kim.id.to_string()).await.unwrap().unwrap();
        let documents = users::documents(&house.admin, &by, &[user]).await.unwrap();
        assert_eq!(json!(documents)[0]["status"], state);
    };
    shown("invited").await;
    let list = administrator.get("/admin/people").await;
    assert_eq!(list.body.matches(">invited</span>").count(), 1, "{}", list.body);
    let page = administrator.get(&format!("/admin/people/{}", kim.id)).await;
    assert!(page.body.contains(">invited</span>"), "{}", page.body);
    // Its link has expired, and nobody has accepted all the same.
    house.clock.advance(Duration::from_hours(24 * 30));
    haechi::app::purge(&house.app).await.unwrap();
    shown("invited").await;
    // What a document says that was read is what is so.
    let read = users::find(&house.admin, &by, &kim.id.to_string()).await.unwrap().unwrap();
    let mut document = users::documents(&house.admin, &by, &[read]).await.unwrap().remove(0);
    document.nickname = Some("Kimmy".to_owned());
    users::update(&house.admin, &by, kim.id, &document).await.unwrap();
    users::set_enabled(&house.admin, &by, kim.id, false).await.unwrap();
    shown("disabled").await;
    users::set_enabled(&house.admin, &by, kim.id, true).await.unwrap();
    users::invite_again(&house.admin, &by, kim.id).await.unwrap();
    shown("invited").await;
    assert!(house.browser().get(&link).await.has("link-spent"));
    let link = house.mails_for(EMAIL, MailPurpose::Invitation).await[0].link("/reset");
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    shown("active").await;
}

#[tokio::test]
async fn an_account_that_is_not_invited_any_more_or_has_a_way_in_is_not_shown_so() {
    let house = mailbox::house(|_| ()).await;
    let by = Authority::operator();
    let (kim, _) = invited(&house).await;
    let state = async || {
        let user = house.accounts.find(kim.id).await.unwrap().unwrap();
        users::states(&house.admin, &by, &[user]).await.unwrap()[&kim.id]
    };
    assert_eq!(state().await, users::AccountState::Invited);
    users::set_password(&house.admin, &by, kim.id, &haechi::support::Secret::from(NEW_PASSWORD), "seen in person")
        .await
        .unwrap();
    assert_eq!(state().await, users::AccountState::Active);
    let new = serde_json::from_value(json!({ "email": "lee@example.com" })).unwrap();
    let lee = users::invite(&house.admin, &by, new).await.unwrap();
    users::withdraw_invitation(&house.admin, &by, lee.id).await.unwrap();
    assert_eq!(
        users::states(&house.admin, &by, std::slice::from_ref(&lee)).await.unwrap()[&lee.id],
        users::AccountState::Active
    );
}

/// The lists of the console, the files and what the end-user takes along say the same as the page of the account.
#[tokio::test]
async fn who_has_not_accepted_is_found_as_such_wherever_people_are_told_apart() {
    const PARK: &str = "park@example.com";
    let house = mailbox::house(|_| ()).await;
    let (kim, _) = invited(&house).await;
    house.user(PARK).await;
    let mut administrator = holder(&house, Role::Administrator).await;
    for (query, kims, parks) in [
        ("", true, true),
        ("state=invited", true, false),
        ("state=invited&sort=email&q=KIM", true, false),
        ("state=invited&q=park", false, false),
        ("state=active", false, true),
        ("state=disabled", false, false),
    ] {
        let list = administrator.get(&format!("/admin/people?{query}")).await;
        assert_eq!((list.body.contains(EMAIL), list.body.contains(PARK)), (kims, parks), "{query}");
    }
    assert!(
        administrator.get("/admin/people?state=invited").await.body.contains("<option value=\"invited\" selected>")
    );
    let by = Authority::operator();
    for format in [users::PeopleFormat::JsonLines, users::PeopleFormat::Csv] {
        let mut export = users::export(&house.admin, &by, format, false).await.unwrap();
        let mut file = String::new();
        while let Some(part) = export.part(&house.admin, &by).await.unwrap() {
            file.push_str(&part);
        }
        let state_of = |email: &str, state: &str| file.lines().any(|row| row.contains(email) && row.contains(state));
        assert!(state_of(EMAIL, "invited") && !state_of(EMAIL, "active") && state_of(PARK, "active"), "{file}");
    }
    let mut browser = house.signed_in(&kim).await;
    let page = browser.get("/account/data").await;
    let taken = browser.submit(&page, "account-download", &[]).await;
    let taken: serde_json::Value = serde_json::from_str(&taken.body).unwrap();
    assert_eq!(taken["account"]["status"], "invited");
}

/// An administrator who says that the address is right says whose the account is: nothing waits any more.
#[tokio::test]
async fn an_account_whose_address_somebody_confirmed_is_in_the_list_of_the_active() {
    let house = mailbox::house(|_| ()).await;
    let (kim, _) = invited(&house).await;
    let by = Authority::operator();
    let confirmed = users::UserResource { email_verified: Some(true), ..users::UserResource::default() };
    let kim = users::update(&house.admin, &by, kim.id, &confirmed).await.unwrap();
    let document = users::document(&house.admin, &by, &kim).await.unwrap();
    assert_eq!(document.status, Some(users::AccountState::Active));
    let listed = async |state| {
        let query = UserQuery { status: Some(state), ..UserQuery::default() };
        users::list(&house.admin, &by, &query, 10).await.unwrap().items.iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert!(listed(users::AccountState::Active).await.contains(&kim.id));
    assert!(listed(users::AccountState::Invited).await.is_empty());
}
