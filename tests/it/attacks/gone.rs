//! Gone means gone: what is left of an account that was deleted, and of everything after the server's end of everything.

use haechi::admin::{Authority, ProvenAuthority, claim, sessions, users};
use haechi::identity::accounts::LinkOutcome;
use haechi::model::audit_event::AuditKind;
use haechi::model::user::Role;
use haechi::store::{Change, Conflict, StoreError};
use haechi::support::Secret;

use crate::support::accounts::{from, new_account};
use crate::support::app::{CALLBACK, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::providers::{Person, named};
use crate::support::furnished::{API, open};
use crate::upstream::{Abroad, is_signed_in};

const OPERATOR: ProvenAuthority = Authority::operator();

async fn log_in(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/login").await;
    browser.submit(&page, "login", &[("email", email), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn a_browser_of_a_deleted_account_is_at_the_login_page_wherever_it_was() {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    let user = app.user("kim@example.com").await;
    let mut browser = app.signed_in(&user).await;
    let account = browser.get("/account/profile").await;
    let asked = browser.get(&Ask::of("app").url()).await;
    assert!(asked.has("consent"), "{}", asked.body);
    users::delete(&app.app.admin, &OPERATOR, user.id).await.unwrap();

    let page = browser.clone().get("/account").await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/login"));
    let renamed = browser.clone().submit(&account, "account-profile", &[("name", "Other")]).await;
    assert!(renamed.status.as_u16() < 500, "{} {}", renamed.status, renamed.body);
    let agreed = browser.clone().submit(&asked, "consent", &[("decision", "allow")]).await;
    assert!(
        agreed.status.as_u16() < 500 && !agreed.url.as_str().starts_with(CALLBACK),
        "{} {}",
        agreed.status,
        agreed.url
    );
    let asked = browser.get(&Ask::of("app").url()).await;
    assert!(asked.has("login") && !asked.body.contains("kim@example.com"), "{}", asked.body);
    let silent = browser.get(&Ask::of("app").with("prompt", "none").url()).await;
    assert_eq!(silent.answer()["error"], "login_required");
    let out = browser.get("/logout").await;
    assert_eq!(out.status.as_u16(), 200, "{}", out.body);
}

#[tokio::test]
async fn who_else_is_signed_in_to_the_browser_stays_so() {
    let app = TestApp::new().await;
    let (kim, lee) = (app.user("kim@example.com").await, app.user("lee@example.com").await);
    let mut browser = app.signed_in(&lee).await;
    app.sign_in(&mut browser, &kim).await;
    users::delete(&app.app.admin, &OPERATOR, kim.id).await.unwrap();
    app.app.stores.housekeeping.purge(haechi::support::Clock::now(&*app.clock)).await.unwrap();
    let page = browser.get("/account").await;
    assert!(page.body.contains("lee@example.com") && !page.body.contains("kim@example.com"), "{}", page.body);
}

#[tokio::test]
async fn an_account_that_is_made_again_gets_nothing_of_the_one_before() {
    let app = TestApp::new().await;
    app.client("app", |_| ()).await;
    let before = app.user("kim@example.com").await;
    app.consented(&before, "app", "openid offline_access").await;
    let mut old = app.signed_in(&before).await;
    let offline = Ask::of("app").with("scope", "openid offline_access");
    let code = old.get(&offline.url()).await.answer().remove("code").unwrap();
    let tokens = app.redeem("app", &code).await;
    for swept in [false, true] {
        let current = app.app.accounts.find(before.id).await.unwrap();
        if let Some(current) = current {
            users::delete(&app.app.admin, &OPERATOR, current.id).await.unwrap();
        }
        if swept {
            app.app.stores.housekeeping.purge(haechi::support::Clock::now(&*app.clock)).await.unwrap();
        }
        let again = match users::find(&app.app.admin, &OPERATOR, "kim@example.com").await.unwrap() {
            Some(again) => again,
            None => app.user("kim@example.com").await,
        };
        assert_ne!(again.id, before.id);
        let mut browser = app.browser();
        assert_eq!(log_in(&mut browser, "kim@example.com").await.url.path(), "/account");
        let asked = browser.get(&offline.url()).await;
        assert!(asked.has("consent"), "swept {swept}: nobody agreed yet: {}", asked.body);
        assert_eq!(old.get("/account").await.url.path(), "/login", "the old cookie is no session of the new account");
        let stores = &app.app.stores;
        let now = haechi::support::Clock::now(&*app.clock);
        assert_eq!(stores.consents.of_user(again.id).await.unwrap(), vec![]);
        assert_eq!(stores.grants.of_user(again.id, now).await.unwrap(), vec![]);
        assert_eq!(stores.upstream_links.of_user(again.id).await.unwrap(), vec![]);
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", refresh)];
        let page = app.browser().post_once("/token", &fields).await;
        assert!(page.body.contains("invalid_grant"), "swept {swept}: {}", page.body);
    }
}

/// OpenID Connect Core 1.0 section 8: `sub` is "never reassigned". Apps know an end-user by it, and by nothing else.
#[tokio::test]
async fn tok_008_no_account_gets_the_subject_of_one_that_was_deleted() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let offline = Ask::of("app").with("scope", "openid email offline_access");
    let mut seen: Vec<(String, serde_json::Value, Browser)> = Vec::new();
    for round in 0..4 {
        let kim = app.user("kim@example.com").await;
        let mut browser = app.signed_in(&kim).await;
        let tokens = app.redeem("app", &browser.get(&offline.url()).await.answer()["code"]).await;
        let (_, claims) = open(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["sub"], kim.id.to_string());
        for (sub, old, old_browser) in &mut seen {
            assert_ne!(claims["sub"], *sub, "round {round}");
            assert_dead(&app, old).await;
            assert_eq!(old_browser.get("/account").await.url.path(), "/login");
            // Nor does the old one's ID token sign the new one out.
            app.get(&format!("/logout?id_token_hint={}", old["id_token"].as_str().unwrap())).send().await;
        }
        assert_eq!(browser.get("/account").await.url.path(), "/account");
        let bearer = app.get("/userinfo").bearer(tokens["access_token"].as_str().unwrap()).send().await;
        assert_eq!(bearer.expect(200)["email"], "kim@example.com");
        users::delete(&app.app.admin, &OPERATOR, kim.id).await.unwrap();
        // Not even by the id: as long as anything of the old one may be shown, its row stands.
        let taken = app.app.stores.work.commit(vec![Change::InsertUser(kim.clone())]).await;
        assert!(matches!(taken, Err(StoreError::Conflict(Conflict::Taken))), "{taken:?}");
        if round % 2 == 0 {
            app.app.stores.housekeeping.purge(haechi::support::Clock::now(&*app.clock)).await.unwrap();
        }
        seen.push((kim.id.to_string(), tokens, browser));
    }
}

async fn assert_dead(app: &TestApp, tokens: &serde_json::Value) {
    let bearer = app.get("/userinfo").bearer(tokens["access_token"].as_str().unwrap()).send().await;
    assert_eq!(bearer.error(401), "invalid_token");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", refresh)];
    assert_eq!(app.post("/token").form(&form).send().await.error(400), "invalid_grant");
}

#[tokio::test]
async fn an_identity_of_a_deleted_account_is_linked_anew_or_signs_up_anew() {
    let abroad = Abroad::to("google").await;
    let admin = &abroad.app.app.admin;
    abroad.go(&mut abroad.app.browser(), "google").await;
    let first = abroad.user("minji.kim@gmail.com").await.unwrap();
    let identity = abroad.links(&first).await.remove(0).identity;
    users::delete(admin, &OPERATOR, first.id).await.unwrap();
    // Another account adds it.
    let lee = abroad.app.user("lee@example.com").await;
    let mut browser = abroad.app.signed_in(&lee).await;
    let links = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &links, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    assert_eq!(abroad.links(&lee).await[0].identity, identity);
    // And is gone in turn: whoever has the identity begins anew.
    users::delete(admin, &OPERATOR, lee.id).await.unwrap();
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert!(is_signed_in(&browser));
    let again = abroad.user("minji.kim@gmail.com").await.unwrap();
    assert!(again.id != first.id && again.id != lee.id);
    assert_eq!(abroad.links(&again).await.len(), 1);
}

#[tokio::test]
async fn a_link_that_waits_for_a_deleted_owner_is_not_made_to_the_next_account_of_the_address() {
    let abroad = Abroad::to("google").await;
    abroad.emulator.seat("google", Person { email: "alice@gmail.com", ..named("google").person });
    let alice = abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let waiting = abroad.go(&mut browser, "google").await;
    assert!(waiting.has("confirm"), "{}", waiting.body);
    users::delete(&abroad.app.app.admin, &OPERATOR, alice.id).await.unwrap();
    let nobody = browser.clone().submit(&waiting, "confirm", &[("password", PASSWORD)]).await;
    assert!(nobody.status.as_u16() < 500, "{} {}", nobody.status, nobody.body);
    let next = abroad.app.user("alice@gmail.com").await;
    let page = browser.submit(&waiting, "confirm", &[("password", PASSWORD)]).await;
    assert!(page.status.as_u16() < 500 && abroad.links(&next).await.is_empty(), "{} {}", page.status, page.body);
    assert!(!is_signed_in(&browser));
}

#[tokio::test]
async fn the_end_of_everything_signs_administrators_out_too_and_what_begins_afterwards_holds() {
    let app = TestApp::new().await;
    let new = serde_json::json!({ "email": "admin@example.com", "password": PASSWORD, "roles": ["owner"] });
    let owner = users::create(&app.app.admin, &OPERATOR, serde_json::from_value(new).unwrap()).await.unwrap();
    assert_eq!(owner.roles, [Role::Owner]);
    let mut console = app.signed_in(&owner).await;
    assert_eq!(console.get("/admin/connections").await.url.path(), "/admin/connections");
    let mut person = app.signed_in(&app.user("kim@example.com").await).await;
    let proof = app.proof_of(&owner);
    let mut before = app.app.stores.server.epoch().await.unwrap();
    for _ in 0..2 {
        let epoch = sessions::end_all(&app.app.admin, &OPERATOR).await.unwrap();
        assert_ne!(std::mem::replace(&mut before, epoch), epoch);
        for browser in [&mut console, &mut person] {
            assert_eq!(browser.get("/account").await.url.path(), "/login");
        }
        assert_eq!(console.get("/admin/connections").await.url.path(), "/login");
        // Back at the page that was asked for.
        assert_eq!(log_in(&mut console, "admin@example.com").await.url.path(), "/admin/connections");
        assert_eq!(log_in(&mut person, "kim@example.com").await.url.path(), "/account");
        assert_eq!(person.get("/account").await.url.path(), "/account");
    }
    // What an account proved before opens nothing any more.
    let account = haechi::identity::accounts::Entitled::Proved(&proof);
    let origin = from([192, 0, 2, 1]);
    let late =
        app.app.accounts.change_password(owner.id, account, &Secret::from("three cranes over a paddy"), &origin).await;
    assert!(late.is_err(), "{late:?}");
    // A new account and a new password begin sessions in the epoch of now.
    let fresh = app.app.accounts.sign_up(new_account("new@example.com", PASSWORD), &origin).await.unwrap();
    assert_eq!(app.signed_in(&fresh).await.get("/account").await.url.path(), "/account");
    let kim = users::find(&app.app.admin, &OPERATOR, "kim@example.com").await.unwrap().unwrap();
    let knows = Secret::from(PASSWORD);
    let changed = app
        .app
        .accounts
        .change_password(
            kim.id,
            haechi::identity::accounts::Entitled::Knows(&knows),
            &"three cranes over a paddy".into(),
            &origin,
        )
        .await
        .unwrap();
    assert_eq!(app.signed_in(&changed).await.get("/account").await.url.path(), "/account");
    let noted = app.audit(AuditKind::EverythingEnded).await;
    assert_eq!(noted.len(), 2);
}

#[tokio::test]
async fn who_claims_a_server_after_the_end_of_everything_is_signed_in() {
    let app = TestApp::new().await;
    sessions::end_all(&app.app.admin, &OPERATOR).await.unwrap();
    let token = claim::issue_link(&app.app.admin, &OPERATOR).await.unwrap().text;
    let new = new_account("kim@example.com", PASSWORD);
    let user = claim::claim(&app.app.admin, &token, new, &from([192, 0, 2, 1])).await.unwrap();
    assert_eq!(app.signed_in(&user).await.get("/account").await.url.path(), "/account");
}

#[tokio::test]
async fn identities_elsewhere_sign_up_and_are_linked_after_the_end_of_everything() {
    let abroad = Abroad::to("google").await;
    let house = &abroad.app.app;
    let kim = abroad.app.user("kim@example.com").await;
    let before = abroad.app.proof_of(&kim);
    sessions::end_all(&house.admin, &OPERATOR).await.unwrap();
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    let user = abroad.user("minji.kim@gmail.com").await.unwrap();
    let link = abroad.links(&user).await.remove(0);
    users::delete(&house.admin, &OPERATOR, user.id).await.unwrap();
    let account =
        haechi::model::upstream_link::UpstreamAccount { identity: link.identity, label: link.label, tokens: None };
    let epoch = house.stores.connections.all().await.unwrap()[0].epoch;
    let _origin = from([192, 0, 2, 1]);
    let late = house.accounts.link(&before, account.clone(), epoch).await.unwrap();
    assert_eq!(late, LinkOutcome::Gone, "it was proved before the end");
    let kim = house.accounts.find(kim.id).await.unwrap().unwrap();
    let now = house.accounts.link(&abroad.app.proof_of(&kim), account, epoch).await.unwrap();
    assert_eq!(now, LinkOutcome::Done);
}

#[tokio::test]
async fn tokens_of_clients_themselves_go_on_after_the_end_of_everything() {
    let house = TestApp::furnished().await;
    let call = || house.post("/token").basic("worker").form(&[("grant_type", "client_credentials"), ("resource", API)]);
    let own = call().send().await.tokens().access_token;
    let of_alice = house.tokens("openid offline_access").await;
    let active = async |token: &str| {
        let answer = house.post("/introspect").basic("api").form(&[("token", token)]).send().await;
        answer.expect(200)["active"].as_bool().unwrap()
    };
    assert!(active(&own).await && house.is_active(&of_alice.access_token).await);
    sessions::end_all(&house.app.admin, &OPERATOR).await.unwrap();
    assert!(active(&own).await, "as the help says");
    assert!(!house.is_active(&of_alice.access_token).await && !house.is_active(of_alice.refresh()).await);
    assert_eq!(house.refreshing(of_alice.refresh()).basic("web").send().await.error(400), "invalid_grant");
}
