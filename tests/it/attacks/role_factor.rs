//! Roles in apps that ask for a second factor: of whoever has one, in whichever way, at every sign-in and wherever a session acts.

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::audit_event::AuditKind;
use haechi::model::policy::FactorPolicy;
use haechi::model::{AffiliationKind, User};
use serde_json::json;

use crate::admin::affiliations::define;
use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::factors::{Phone, STEP};

const OPERATOR: ProvenAuthority = Authority::operator();
const ALICE: &str = "alice@example.com";

/// How somebody comes by the role.
#[derive(Clone, Copy, Debug)]
enum Given {
    Themselves,
    ByAGroup,
}

/// A house with two apps, one of which has a role that asks for two factors, and a group that brings it; and Alice, who has neither.
async fn house() -> (TestApp, User) {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house.first_party("bank").await;
    let teller = json!({ "name": "teller", "client_id": "bank", "require_second_factor": true });
    define::<RoleResource>(&house.app, teller).await;
    define::<RoleResource>(&house.app, json!({ "name": "reader" })).await;
    define::<GroupResource>(&house.app, json!({ "name": "counter", "roles": ["bank:teller"] })).await;
    let alice = house.user(ALICE).await;
    (house, alice)
}

async fn give(house: &TestApp, alice: &User, given: Given) {
    let (kind, id) = match given {
        Given::Themselves => role(house, "bank:teller").await,
        Given::ByAGroup => {
            let found = affiliations::find::<GroupResource>(&house.admin, &OPERATOR, "counter").await.unwrap();
            (AffiliationKind::Group, found.unwrap().affiliation.id)
        }
    };
    users::join(&house.admin, &OPERATOR, alice.id, (kind, id)).await.unwrap();
}

async fn role(house: &TestApp, key: &str) -> (AffiliationKind, haechi::support::id::AffiliationId) {
    let found = affiliations::find::<RoleResource>(&house.admin, &OPERATOR, key).await.unwrap();
    (AffiliationKind::Role, found.unwrap().affiliation.id)
}

/// What a fresh browser is shown after the password, on the way to an app.
async fn after_the_password(house: &TestApp, app: &str) -> (Browser, crate::support::browser::Page) {
    let mut browser = house.browser();
    let login = browser.get(&Ask::of(app).url()).await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    (browser, page)
}

#[tokio::test]
async fn sess_017_who_has_a_role_that_asks_for_a_second_factor_adds_one_on_the_way_to_any_app() {
    for (given, app) in [(Given::Themselves, "bank"), (Given::Themselves, "app"), (Given::ByAGroup, "app")] {
        let (house, alice) = house().await;
        // Another role, and none, ask for nothing.
        users::join(&house.admin, &OPERATOR, alice.id, role(&house, "reader").await).await.unwrap();
        let (_, page) = after_the_password(&house, app).await;
        assert!(page.answer().contains_key("code"), "{given:?} {app}: {}", page.body);
        give(&house, &alice, given).await;
        let (mut browser, add) = after_the_password(&house, app).await;
        assert!(add.has("second-step-add") && !house.has_session(&browser).await, "{given:?} {app}: {}", add.body);
        assert!(browser.get("/account").await.has("login"));
        let phone = Phone::reading(&add, &alice);
        let codes = browser.submit(&add, "second", &[("code", &phone.code(&house)), ("name", "Phone")]).await;
        let answer = browser.get_once(&codes.link("go-on")).await.answer();
        assert_eq!(house.id_token(app, &answer["code"]).await.1["acr"], "urn:haechi:acr:2fa", "{given:?} {app}");
    }
}

/// As where everybody must have one: what is switched off for everybody is there for who must, and its last one stays.
#[tokio::test]
async fn sess_017_a_role_asks_where_nobody_else_may_add_a_factor_and_keeps_the_last_one() {
    let (house, alice) = house().await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Off).await;
    let mut browser = house.signed_in(&alice).await;
    assert!(!browser.get("/account/security").await.has("two-step-heading"));
    give(&house, &alice, Given::ByAGroup).await;
    let add = browser.get("/account/security").await;
    assert!(add.has("second-step-add"), "{}", add.body);
    let phone = Phone::reading(&add, &alice);
    let codes = browser.submit(&add, "second", &[("code", &phone.code(&house)), ("name", "Phone")]).await;
    assert!(codes.has("codes"), "{}", codes.body);
    let user = house.user_of(ALICE).await;
    let factor = house.accounts.factors(user.id).await.unwrap().all.remove(0);
    let kept = house.accounts.remove_factor(&house.proof_of(&user), factor.id).await;
    assert!(matches!(kept, Err(haechi::identity::accounts::FactorRejected::Needed)), "{kept:?}");
    // With the role goes what it asked for.
    let counter = affiliations::find::<GroupResource>(&house.admin, &OPERATOR, "counter").await.unwrap().unwrap();
    affiliations::delete::<GroupResource>(&house.admin, &OPERATOR, counter.affiliation.id).await.unwrap();
    house.accounts.remove_factor(&house.proof_of(&user), factor.id).await.unwrap();
    let (_, page) = after_the_password(&house, "app").await;
    assert!(page.answer().contains_key("code"), "{}", page.body);
}

/// A role in an app is none of the server: its holder may trust a browser, within what the server's policy allows.
#[tokio::test]
async fn mfa_007_a_role_leaves_a_trusted_browser_to_the_policy_of_the_server() {
    let (house, alice) = house().await;
    give(&house, &alice, Given::Themselves).await;
    let phone = house.phone_of(&house.user_of(ALICE).await).await;
    let (mut browser, page) = after_the_password(&house, "app").await;
    let in_app = browser.submit(&page, "second", &[("code", &phone.code(&house)), ("trust", "yes")]).await;
    assert!(in_app.answer().contains_key("code"), "{}", in_app.body);
    house.clock.advance(STEP);
    for (days, goes_without) in [(30, true), (0, false)] {
        house.decide_sign_in(|policy| policy.trust_browser_days = days).await;
        let mut browser = browser.clone();
        browser.set_cookie(browser.session_cookie_name(), "");
        let login = browser.get("/login").await;
        let page = house.password_in(&mut browser, &login, ALICE).await;
        assert_eq!(page.url.path() == "/account", goes_without, "{days}: {}", page.body);
    }
}

/// The definition changes while a session lives, by the role's own page; everybody who has the role is asked at their next step.
#[tokio::test]
async fn sess_017_a_role_that_asks_for_more_from_now_on_asks_sessions_that_live() {
    let (house, alice) = house().await;
    let owner = house.administrator("owner@example.com").await;
    let (_, reader) = role(&house, "reader").await;
    users::join(&house.admin, &OPERATOR, alice.id, (AffiliationKind::Role, reader)).await.unwrap();
    let mut browser = house.signed_in(&alice).await;
    assert!(browser.get_once(&Ask::of("app").url()).await.answer().contains_key("code"));
    let mut console = house.signed_in(&owner).await;
    let form = console.get(&format!("/admin/roles/{reader}")).await;
    assert_eq!(form.form("group").field("require_second_factor"), None, "{}", form.body);
    let saved = console.submit(&form, "group", &[("require_second_factor", "yes")]).await;
    assert_eq!(saved.form("group").field("require_second_factor"), Some("yes"), "{}", saved.body);
    let silent = browser.get(&Ask::of("app").with("prompt", "none").url()).await;
    assert_eq!(silent.error(), "interaction_required");
    assert!(browser.get(&Ask::of("app").url()).await.has("second-step-add"));
    assert!(browser.get("/account/security").await.has("second-step-add"));
    // Whoever does not have it goes on.
    let bob = house.user("bob@example.com").await;
    assert!(house.signed_in(&bob).await.get_once(&Ask::of("app").url()).await.answer().contains_key("code"));
    assert_eq!(house.audit(AuditKind::RoleChanged).await.len(), 1);
}
