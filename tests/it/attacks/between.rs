//! What ends between two steps of a request: the request acts for what holds when it is committed, and not for what it saw.

use std::sync::Arc;
use std::time::Duration;

use haechi::admin::users::UserResource;
use haechi::admin::{Authority, ProvenAuthority, Rejected, clients, users};
use haechi::identity::accounts::SignInRejected;
use haechi::model::User;
use haechi::model::client::{Client, ClientId};
use haechi::model::user::Role;
use haechi::outgoing::SystemLookup;
use haechi::sessions::Ending;
use haechi::store::{Change, UserQuery};

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::between::{Before, Between};
use crate::support::builders;

const OPERATOR: ProvenAuthority = Authority::operator();

/// A house, and a node of it that is held up.
async fn held_up() -> (Arc<TestApp>, TestApp, Between) {
    let between = Between::default();
    let house = TestApp::new().await;
    let node = house.node_with(&between, Arc::new(SystemLookup)).await;
    (Arc::new(house), node, between)
}

fn app() -> ClientId {
    ClientId::parse("app").unwrap()
}

async fn scope_of(house: &TestApp, user: &User) -> Option<String> {
    house.stores.consents.find(user.id, &app()).await.unwrap().map(|consent| consent.scope.to_string())
}

#[tokio::test]
async fn race_005_a_consent_brings_back_nothing_that_was_withdrawn_in_that_instant() {
    let (house, node, between) = held_up().await;
    house.client("app", |_| ()).await;
    let user = house.user("kim@example.com").await;
    house.consented(&user, "app", "openid email").await;
    let mut browser = node.signed_in(&user).await;
    let page = browser.get(&Ask::of("app").with("scope", "openid").with("prompt", "consent").url()).await;
    let (other, id) = (Arc::clone(&house), user.id);
    between.put(Before::Commit(|change| matches!(change, Change::PutConsent(_))), async move {
        other.accounts.withdraw_consent(id, app()).await.unwrap();
    });
    let page = browser.submit(&page, "consent", &[("decision", "allow")]).await;
    assert!(between.came());
    assert_eq!(scope_of(&house, &user).await, None, "what was withdrawn is agreed to again");
    // The end-user is asked again, and what they answer then counts.
    let page = browser.submit(&page, "consent", &[("decision", "allow")]).await;
    assert!(page.answer().contains_key("code"), "{:?}", page.location());
    assert_eq!(scope_of(&house, &user).await.as_deref(), Some("openid"));
}

#[tokio::test]
async fn a_session_that_ends_in_that_instant_agrees_to_nothing() {
    for what in ["everywhere", "there", "client registered again"] {
        let (house, node, between) = held_up().await;
        house.client("app", |_| ()).await;
        let user = house.user("kim@example.com").await;
        let mut browser = node.signed_in(&user).await;
        let page = browser.get(&Ask::of("app").with("scope", "openid").url()).await;
        let (other, id, visitor) = (Arc::clone(&house), user.id, browser.visitor());
        between.put(Before::Commit(|change| matches!(change, Change::PutConsent(_))), async move {
            match what {
                "everywhere" => other.accounts.sign_out_everywhere(id).await.unwrap(),
                "there" => drop(other.flow.sign_out(&visitor, Ending::All).await.unwrap()),
                _ => {
                    clients::delete(&other.admin, &OPERATOR, &app()).await.unwrap();
                    other.client("app", |_| ()).await;
                }
            }
        });
        browser.submit(&page, "consent", &[("decision", "allow")]).await;
        assert!(between.came());
        assert_eq!(scope_of(&house, &user).await, None, "{what}");
    }
}

#[tokio::test]
async fn sess_a_copy_of_a_cookie_is_worth_nothing_once_the_browser_has_another_however_it_is_used_meanwhile() {
    let (house, node, between) = held_up().await;
    let user = house.user("kim@example.com").await;
    let mut own = house.signed_in(&user).await;
    let mut thief = node.browser();
    for name in [own.browser_cookie_name(), own.session_cookie_name()] {
        thief.set_cookie(name, own.cookie(name).unwrap());
    }
    // Late enough that the use is written down.
    house.clock.advance(Duration::from_mins(6));
    let (other, kim) = (Arc::clone(&house), user.clone());
    let mut again = own.clone();
    between.put(Before::SavingASession, async move {
        other.sign_in(&mut again, &kim).await;
    });
    thief.get_once("/account").await;
    assert!(between.came());
    own.get_once("/account").await;
    assert_ne!(thief.get_once("/account").await.status, 200, "the cookie from before the sign-in");
}

#[tokio::test]
async fn adm_004_an_authority_changes_nothing_once_its_account_was_ended_disabled_or_lost_its_role() {
    for what in ["signed out everywhere", "new password", "disabled", "role lost"] {
        let house = TestApp::new().await;
        house.client("app", |_| ()).await;
        let root = house.user("root@example.com").await;
        users::set_roles(&house.admin, &OPERATOR, root.id, vec![Role::Administrator]).await.unwrap();
        let kim = house.user("kim@example.com").await;
        users::set_roles(&house.admin, &OPERATOR, kim.id, vec![Role::Administrator]).await.unwrap();
        let (kim, authority) = Authority::of_account(&house.admin, kim.id).await.unwrap();
        let authority = authority.proven(&house.proof_of(&kim)).unwrap();
        // As in the moment between looking at the session and the commit.
        match what {
            "signed out everywhere" => {
                house.accounts.sign_out_everywhere(kim.id).await.unwrap();
            }
            "new password" => {
                drop(
                    users::set_password(&house.admin, &OPERATOR, kim.id, &PASSWORD.into(), "seen in person")
                        .await
                        .unwrap(),
                );
            }
            "disabled" => drop(users::set_enabled(&house.admin, &OPERATOR, kim.id, false).await.unwrap()),
            _ => drop(users::set_roles(&house.admin, &OPERATOR, kim.id, vec![]).await.unwrap()),
        }
        let admin = &house.admin;
        let off = clients::set_enabled(admin, &authority, &app(), false).await;
        assert!(matches!(off, Err(Rejected::ProofNeeded)), "{what}: {off:?}");
        let deleted = clients::delete(admin, &authority, &app()).await;
        assert!(matches!(deleted, Err(Rejected::ProofNeeded)), "{what}: {deleted:?}");
        let new: UserResource =
            serde_json::from_value(serde_json::json!({ "email": "lee@example.com", "roles": ["administrator"] }))
                .unwrap();
        let made = users::create(admin, &authority, new).await;
        assert!(matches!(made, Err(Rejected::ProofNeeded)), "{what}: {made:?}");
        let reset = users::set_password(admin, &authority, root.id, &PASSWORD.into(), "seen in person").await;
        assert!(matches!(reset, Err(Rejected::ProofNeeded)), "{what}: {reset:?}");
        let client: Option<Client> = house.stores.clients.find(&app()).await.unwrap();
        assert!(client.unwrap().enabled, "{what}");
        assert_eq!(house.stores.users.list(&UserQuery::default(), 10).await.unwrap().items.len(), 2, "{what}");
    }
}

#[tokio::test]
async fn an_authority_that_still_stands_changes_what_it_may() {
    let house = TestApp::new().await;
    house.client("app", |_| ()).await;
    let kim = house.user("kim@example.com").await;
    users::set_roles(&house.admin, &OPERATOR, kim.id, vec![Role::Administrator]).await.unwrap();
    let (kim, authority) = Authority::of_account(&house.admin, kim.id).await.unwrap();
    let authority = authority.proven(&house.proof_of(&kim)).unwrap();
    assert!(!clients::set_enabled(&house.admin, &authority, &app(), false).await.unwrap().enabled);
    // What it does to itself counts for the next change.
    drop(users::set_password(&house.admin, &authority, kim.id, &PASSWORD.into(), "seen in person").await.unwrap());
    let late = clients::set_enabled(&house.admin, &authority, &app(), true).await;
    assert!(matches!(late, Err(Rejected::ProofNeeded)), "{late:?}");
}

#[tokio::test]
async fn a_sign_in_that_ends_in_that_instant_switches_nothing_in_the_console() {
    let (house, node, between) = held_up().await;
    let root = house.user("root@example.com").await;
    let root = users::set_roles(&house.admin, &OPERATOR, root.id, vec![Role::Administrator]).await.unwrap();
    let google = builders::connection("google", "google", "haechi", house.app.clock.now(), &*house.random);
    house.commit(vec![Change::InsertConnection(Box::new(google.clone()))]).await;
    let mut browser = node.signed_in(&root).await;
    let list = browser.get("/admin/connections").await;
    let (other, visitor) = (Arc::clone(&house), browser.visitor());
    between.put(Before::Commit(|change| matches!(change, Change::UpdateConnection(_))), async move {
        other.flow.sign_out(&visitor, Ending::All).await.unwrap();
    });
    browser.submit_once(&list, "state-google", &[("state", "off")]).await;
    assert!(between.came());
    assert!(house.stores.connections.find(google.id).await.unwrap().unwrap().enabled);
}

#[tokio::test]
async fn race_a_hash_that_a_sign_in_renews_brings_back_no_password_that_was_replaced_in_that_instant() {
    const NEW: &str = "quiet bridge over tall water";
    let house = TestApp::new().await;
    let user = house.user("kim@example.com").await;
    // A password is hashed otherwise from now on.
    let house = Arc::new(house.restarted(|config| config.accounts.argon2_memory_kib = 128).await);
    let between = Between::default();
    let node = house.node_with(&between, Arc::new(SystemLookup)).await;
    let mut browser = node.browser();
    let page = browser.get("/account").await;
    let (other, id) = (Arc::clone(&house), user.id);
    between.put(Before::Commit(|change| matches!(change, Change::PutPassword(_))), async move {
        drop(users::set_password(&other.admin, &OPERATOR, id, &NEW.into(), "seen in person").await.unwrap());
    });
    browser.submit_once(&page, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert!(between.came());
    let origin = from([192, 0, 2, 1]);
    let old = house.log_in("kim@example.com", PASSWORD, &origin).await;
    assert!(matches!(old, Err(SignInRejected::WrongCredentials)), "{old:?}");
    house.log_in("kim@example.com", NEW, &origin).await.unwrap();
}
