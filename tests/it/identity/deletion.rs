//! Deleting one's own account: what is asked before, what ends with it, and who cannot go.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::identity::accounts::DeleteRejected;
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::user::{LastOf, Role, User};
use haechi::outgoing::SystemLookup;
use haechi::store::Change;

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::between::{Before, Between};
use crate::support::browser::{Browser, Page};

const OPERATOR: ProvenAuthority = Authority::operator();
const KIM: &str = "kim@example.com";

/// Goes to the page and sends its form with this address.
async fn delete(browser: &mut Browser, address: &str) -> Page {
    let page = browser.get("/account/data").await;
    let page = browser.get(&page.link("to-delete")).await;
    browser.submit(&page, "delete", &[("address", address)]).await
}

async fn with_role(app: &TestApp, email: &str, role: Role) -> User {
    let user = app.user(email).await;
    users::set_roles(&app.admin, &OPERATOR, user.id, vec![role]).await.unwrap()
}

#[tokio::test]
async fn sess_010_everything_of_an_account_ends_with_it_at_once_on_every_node() {
    let app = TestApp::new().await;
    let node = app.second_node().await;
    app.first_party("own").await;
    let kim = app.user(KIM).await;
    let (mut browser, mut other) = (app.signed_in(&kim).await, node.signed_in(&kim).await);
    let code =
        other.get(&Ask::of("own").with("scope", "openid email offline_access").url()).await.answer()["code"].clone();
    let tokens = app.redeem("own", &code).await;
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let page = browser.get("/account/delete").await;
    assert!(
        page.text("goes").contains("Your sign-ins in 2 browsers") && page.text("goes").contains("one app"),
        "{}",
        page.body
    );
    assert!(page.text("stays").contains("audit log"), "{}", page.body);
    let gone = delete(&mut browser, " KIM@example.com ").await;
    assert!(gone.has("account-deleted") && gone.url.path() == "/signed-out", "{} {}", gone.url, gone.body);
    assert!(browser.cookie(browser.session_cookie_name()).is_none());
    for browser in [&mut browser, &mut other] {
        assert!(browser.get("/account").await.has("login"));
    }
    for house in [&app, &node] {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "own"), ("refresh_token", &token("refresh_token"))];
        assert_eq!(house.post("/token").form(&fields).send().await.error(400), "invalid_grant");
        assert_eq!(house.get("/userinfo").bearer(&token("access_token")).send().await.error(401), "invalid_token");
        assert!(house.log_in(KIM, PASSWORD, &from([192, 0, 2, 1])).await.is_err());
    }
    assert!(app.accounts.find(kim.id).await.unwrap().is_none());
    // The log keeps the id and who it was, and nothing that names them.
    let entry = app.audit(AuditKind::UserDeleted).await.remove(0);
    assert_eq!((entry.actor, entry.user), (Actor::User(kim.id), Some(kim.id)));
    let log = format!("{:?}", app.audit_log().await);
    assert!(!log.contains(KIM), "{log}");
    // Its address is free, and leads to nothing of it.
    assert_ne!(app.user(KIM).await.id, kim.id);
}

#[tokio::test]
async fn an_account_is_not_deleted_without_its_address_and_a_recent_proof() {
    let app = TestApp::new().await;
    let kim = app.user(KIM).await;
    app.user("lee@example.com").await;
    let mut browser = app.signed_in(&kim).await;
    for wrong in ["", "yes", "lee@example.com", "kim@example.com.evil.example"] {
        let refused = delete(&mut browser, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.has("address-problem"), "{wrong}: {}", refused.body);
    }
    app.clock.advance(Duration::from_mins(11));
    let asked = delete(&mut browser, KIM).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    assert_eq!(asked.link("cancel"), "/account/delete");
    let wrong = browser.submit(&asked, "confirm", &[("current", "not the password")]).await;
    assert!(wrong.has("current-problem"));
    assert!(app.accounts.find(kim.id).await.unwrap().is_some());
    // What was typed is kept: the password is all that is asked for.
    let gone = browser.submit(&wrong, "confirm", &[("current", PASSWORD)]).await;
    assert!(gone.has("account-deleted"), "{}", gone.body);
    // The browser holds no session, old or new.
    assert!(browser.cookie(browser.session_cookie_name()).is_none());
    let again = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(again.has("login"), "{}", again.body);
}

#[tokio::test]
async fn who_else_is_signed_in_to_the_browser_is_told_and_stays_so() {
    let app = TestApp::new().await;
    let (kim, lee) = (app.user(KIM).await, app.user("lee@example.com").await);
    let mut browser = app.signed_in(&lee).await;
    app.sign_in(&mut browser, &kim).await;
    let gone = delete(&mut browser, KIM).await;
    assert!(gone.has("still-signed-in") && gone.body.contains("The account is deleted"), "{}", gone.body);
    assert!(browser.get("/account").await.body.contains("lee@example.com"));
}

#[tokio::test]
async fn the_last_owner_and_the_last_administrator_are_told_what_to_do_first() {
    let app = TestApp::new().await;
    let owner = with_role(&app, "owner@example.com", Role::Owner).await;
    let mut browser = app.signed_in(&owner).await;
    let refused = async |browser: &mut Browser, words: &str| {
        let page = browser.get("/account/delete").await;
        assert!(!page.has("delete") && page.text("indispensable").contains(words), "{}", page.body);
        // Sent all the same, the form changes nothing.
        let csrf = app.csrf(browser, "/account/delete").await;
        let sent = browser.post_once("/account/delete", &[("csrf", &csrf), ("address", "owner@example.com")]).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
        assert!(sent.text("problem").contains(words), "{}", sent.body);
        assert!(app.accounts.find(owner.id).await.unwrap().is_some());
    };
    refused(&mut browser, "the only administrator").await;
    let administrator = with_role(&app, "administrator@example.com", Role::Administrator).await;
    refused(&mut browser, "the only owner").await;
    // Nor does anybody else take the last owner away, and no change of roles.
    let last = users::delete(&app.admin, &OPERATOR, owner.id).await.unwrap_err();
    assert_eq!(last.code(), "last_owner", "{last}");
    for roles in [vec![], vec![Role::Administrator]] {
        let last = users::set_roles(&app.admin, &OPERATOR, owner.id, roles).await.unwrap_err();
        assert_eq!(last.code(), "last_owner", "{last}");
    }
    users::set_roles(&app.admin, &OPERATOR, administrator.id, vec![Role::Owner]).await.unwrap();
    assert!(delete(&mut browser, "owner@example.com").await.has("account-deleted"));
}

#[tokio::test]
async fn race_004_of_two_owners_who_leave_at_once_one_stays() {
    let app = TestApp::new().await;
    with_role(&app, "administrator@example.com", Role::Administrator).await;
    let mut last = with_role(&app, "owner@example.com", Role::Owner).await;
    for round in 0..5 {
        let other = with_role(&app, &format!("owner{round}@example.com"), Role::Owner).await;
        let leave = |user: &User| {
            let (accounts, proof) = (app.accounts.clone(), app.proof_of(user));
            tokio::spawn(async move { accounts.delete(&proof).await })
        };
        let (first, second) = tokio::join!(leave(&last), leave(&other));
        let left = match (first.unwrap(), second.unwrap()) {
            (Ok(()), Err(DeleteRejected::Last(LastOf::Owners))) => other,
            (Err(DeleteRejected::Last(LastOf::Owners)), Ok(())) => last,
            both => panic!("{both:?}"),
        };
        last = app.accounts.find(left.id).await.unwrap().unwrap();
        assert_eq!(last.roles, [Role::Owner]);
    }
}

/// A proof is worth nothing once its sign-in has ended: whoever holds a stolen session does not delete the account from which it was signed out.
#[tokio::test]
async fn race_a_sign_in_that_ends_meanwhile_deletes_nothing() {
    let app = TestApp::new().await;
    let kim = app.user(KIM).await;
    let between = Between::default();
    let node = app.node_with(&between, Arc::new(SystemLookup)).await;
    let mut browser = node.signed_in(&kim).await;
    let page = browser.get("/account/delete").await;
    let (house, visitor) = (Arc::clone(&app.app), browser.visitor());
    between.put(Before::Commit(|change| matches!(change, Change::DeleteUser(_))), async move {
        house.flow.sign_out(&visitor, haechi::sessions::Ending::All).await.unwrap();
    });
    let late = browser.submit(&page, "delete", &[("address", KIM)]).await;
    assert!(between.came());
    assert!(late.has("login"), "{} {}", late.url, late.body);
    assert!(app.accounts.find(kim.id).await.unwrap().is_some());
}
