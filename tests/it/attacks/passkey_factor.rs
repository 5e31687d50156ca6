//! A passkey as the second factor: what a password, a provider's word or another account must not get past it.

use axum::http::{Method, StatusCode};
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::audit_event::{Actor, AuditKind};
use haechi::model::policy::FactorPolicy;
use haechi::model::upstream_value::UpstreamValue;
use haechi::model::user::Role;
use haechi::store::UserQuery;
use serde_json::json;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::Said;
use crate::support::mailbox;
use crate::upstream::Abroad;

const ALICE: &str = "alice@example.com";
const CHANGE: &str = "/account/passkeys/change";

/// A house in which Alice has a password and a passkey, and nobody must have one.
struct House {
    app: TestApp,
    alice: User,
    device: Authenticator,
}

impl House {
    async fn new() -> Self {
        let app = mailbox::house(|_| ()).await;
        let alice = app.user(ALICE).await;
        let device = given(&app, &alice).await;
        Self { app, alice, device }
    }

    async fn has_it(&self) -> bool {
        self.app.passkeys.of(self.alice.id).await.unwrap().len() == 1
    }
}

/// A passkey of an account that has nothing but a password.
async fn given(app: &TestApp, user: &User) -> Authenticator {
    let mut device = Authenticator::new(ISSUER, user.email.as_str());
    let added = app.signed_in(user).await.add_passkey(&mut device, "Key").await;
    assert!(added.has("saved"), "{}", added.body);
    device
}

/// A browser in which a password was typed a moment ago, and nothing else.
async fn by_password(app: &TestApp, email: &str) -> Browser {
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    let page = app.password_in(&mut browser, &login, email).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    browser
}

/// Asks for the only passkey to be removed, on the account's own page.
async fn remove(browser: &mut Browser) -> Page {
    let page = browser.get("/account/security").await;
    let sent = browser.send_form(&page, page.form_to(CHANGE), &[("do", "remove")]).await;
    browser.follow(sent).await
}

/// The page that asks for the passkey, and for nothing less.
#[track_caller]
fn asks_for_the_passkey(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{what}: {}", page.body);
    assert!(page.has("step-up") && page.has("passkey") && !page.has("confirm"), "{what}: {}", page.body);
}

#[tokio::test]
async fn mfa_006_a_password_alone_takes_no_passkey_away() {
    let mut house = House::new().await;
    let mut browser = by_password(&house.app, ALICE).await;
    let asked = remove(&mut browser).await;
    asks_for_the_passkey(&asked, "a moment after the password");
    for extra in [("current", PASSWORD), ("password", PASSWORD), ("code", "000000"), ("answer", "{}")] {
        let sent = browser.submit(&asked, "passkey", &[extra]).await;
        assert!(sent.status.is_client_error() && house.has_it().await, "{extra:?}: {}", sent.body);
    }
    // Nor does the passkey of somebody else, by whatever name.
    let mallory = house.app.user("mallory@example.com").await;
    let mut hers = given(&house.app, &mallory).await;
    hers.user_handle = house.alice.id.as_bytes().to_vec();
    let asked = remove(&mut browser).await;
    let sent = browser.use_passkey(&asked, &mut hers).await;
    assert!(sent.status.is_client_error() && house.has_it().await, "{}", sent.body);
    // By it, it goes.
    let asked = remove(&mut browser).await;
    let done = browser.use_passkey(&asked, &mut house.device).await;
    assert!(done.has("saved") && !house.has_it().await, "{}", done.body);
    assert_eq!(house.app.audit(AuditKind::PasskeyRemoved).await.len(), 1);
}

/// What the password may not take away directly, it may not get around either.
#[tokio::test]
async fn mfa_006_nor_is_anything_put_in_its_place() {
    let house = House::new().await;
    let mut browser = by_password(&house.app, ALICE).await;
    for (path, form, fields) in [
        ("/account/security", "passkey-add", &[][..]),
        ("/account/security", "add-factor", &[("action", "add")]),
        ("/account/security", "account-email", &[("email", "mallory@evil.example")]),
        ("/account/security", "account-password", &[("current", PASSWORD), ("password", "three quiet boats at noon")]),
        ("/account/delete", "delete", &[("address", ALICE)]),
    ] {
        let page = browser.get(path).await;
        let asked = browser.submit(&page, form, fields).await;
        asks_for_the_passkey(&asked, form);
    }
    let alice = house.app.user_of(ALICE).await;
    assert_eq!(alice.epochs(), house.alice.epochs(), "nothing of it was done");
    assert!(house.has_it().await && !house.app.accounts.factors(alice.id).await.unwrap().any());
    assert!(house.app.mailbox("mallory@evil.example").await.is_empty());
}

#[tokio::test]
async fn mfa_006_no_other_method_and_no_other_account_takes_a_passkey_away() {
    let house = House::new().await;
    let passkey = house.app.passkeys.of(house.alice.id).await.unwrap().remove(0);
    let bob = house.app.user("bob@example.com").await;
    let mut browser = house.app.signed_in(&bob).await;
    let csrf = house.app.csrf(&browser, CHANGE).await;
    let id = passkey.id.to_string();
    for (what, name) in [("remove", ""), ("rename", "Bob's")] {
        let fields = [("csrf", csrf.as_str()), ("do", what), ("passkey", &id), ("name", name)];
        let sent = browser.post_once(CHANGE, &fields).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{what}: {}", sent.body);
    }
    for path in [CHANGE, "/account/passkeys", "/account/passkeys/new"] {
        for method in [Method::DELETE, Method::PUT, Method::PATCH] {
            let sent = browser.send(method.clone(), path, &[], None).await;
            assert_eq!(sent.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
    assert_eq!(house.app.passkeys.of(house.alice.id).await.unwrap(), vec![passkey]);
}

/// The recovery process: whoever may change the account removes it, proves themselves by what they have, and ends everything of the account.
#[tokio::test]
async fn mfa_006_who_helps_others_proves_themselves_and_helps_nobody_above_them() {
    let house = House::new().await;
    let helper = house.app.user("helper@example.com").await;
    let operator = Authority::operator();
    let helper = users::set_roles(&house.app.admin, &operator, helper.id, vec![Role::PeopleManager]).await.unwrap();
    let mut hers = given(&house.app, &helper).await;
    let owner = house.app.administrator("owner@example.com").await;
    given(&house.app, &owner).await;
    let mut alice = house.app.signed_in(&house.alice).await;
    let mut browser = by_password(&house.app, "helper@example.com").await;
    // Nobody above her: the page offers nothing, and takes nothing.
    let above = format!("/admin/people/{}/access", owner.id);
    let passkey = house.app.passkeys.of(owner.id).await.unwrap().remove(0).id.to_string();
    let csrf = house.app.csrf(&browser, &above).await;
    let fields = [("csrf", csrf.as_str()), ("do", "remove-passkey"), ("passkey", &passkey), ("reason", "phone lost")];
    let sent = browser.post_once(&above, &fields).await;
    assert!(!sent.status.is_redirection(), "{}", sent.body);
    assert_eq!(house.app.passkeys.of(owner.id).await.unwrap().len(), 1);
    // Of Alice's, with her own passkey and not with her password.
    let path = format!("/admin/people/{}/access", house.alice.id);
    let passkey = house.app.passkeys.of(house.alice.id).await.unwrap().remove(0).id.to_string();
    let csrf = house.app.csrf(&browser, &path).await;
    let fields = [("csrf", csrf.as_str()), ("do", "remove-passkey"), ("passkey", &passkey), ("reason", "phone lost")];
    let asked = browser.post_once(&path, &fields).await;
    asks_for_the_passkey(&asked, "the console");
    assert!(house.has_it().await);
    browser.use_passkey(&asked, &mut hers).await;
    assert!(!house.has_it().await);
    let entry = house.app.audit(AuditKind::PasskeyRemoved).await.remove(0);
    assert_eq!((entry.actor, entry.user), (Actor::User(helper.id), Some(house.alice.id)));
    assert_eq!(alice.get("/account").await.url.path(), "/login", "what was signed in has ended");
}

/// Somebody who came from a provider, who never had a password and has a passkey; from now on everybody needs a second factor.
async fn passkey_only(abroad: &Abroad, slug: &str) -> (User, Authenticator) {
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, slug).await;
    let people = abroad.app.stores.users.list(&UserQuery::default(), 10).await.unwrap();
    let user = people.items.into_iter().next().unwrap();
    assert!(abroad.app.stores.users.password(user.id).await.unwrap().is_none());
    let device = given(&abroad.app, &user).await;
    abroad.app.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    (user, device)
}

#[tokio::test]
async fn link_010_no_provider_s_word_stands_for_the_only_passkey_of_an_account_that_must_have_a_factor() {
    let abroad = Abroad::to("google").await;
    let (user, mut device) = passkey_only(&abroad, "google").await;
    // Whatever it says: nobody set what of its word counts as more.
    for said in
        [json!({}), json!({ "acr": "phrh", "amr": ["pwd", "mfa", "hwk"] }), json!({ "acr": "urn:haechi:acr:2fa" })]
    {
        abroad.emulator.say(Said::IdToken, said.clone());
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, "google").await;
        assert!(page.has("second-step") && page.has("passkey") && !page.has("second"), "{said}: {}", page.body);
        assert!(!abroad.app.has_session(&browser).await, "{said}");
        for path in ["/account", "/account/security", "/account/passkeys/offer", "/admin", "/continue"] {
            assert!(!browser.get(path).await.has("account-name"), "{said}: {path}");
        }
        // Nor is another factor added in its place on the way, whatever is sent.
        for extra in [("code", "000000"), ("name", "Phone"), ("recovery", "yes"), ("answer", "{}")] {
            let sent = browser.submit(&page, "passkey", &[extra]).await;
            assert!(!sent.has("account-name") && !abroad.app.has_session(&browser).await, "{said}: {extra:?}");
        }
    }
    assert!(!abroad.app.accounts.factors(user.id).await.unwrap().any());
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    let account = browser.use_passkey(&page, &mut device).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    let sign_ins = abroad.app.app.flow.sessions.of_user(user.id).await.unwrap();
    let through = |amr: &[String], one: &str| amr.iter().any(|method| method == one);
    let both = sign_ins.iter().find(|one| through(&one.amr, "fed") && through(&one.amr, "pop"));
    assert_eq!(both.unwrap().acr.as_str(), "phr", "{sign_ins:?}");
}

/// Where an administrator set what of the provider's word counts as two factors, that decides, and only that.
#[tokio::test]
async fn link_010_the_word_that_counts_as_two_factors_is_asked_for_nothing_more() {
    let abroad = Abroad::new().await;
    let gold = vec![UpstreamValue::parse("acr:urn:example:gold").unwrap()];
    abroad.connect("oidc", "oidc", |connection| connection.two_factors = gold).await;
    passkey_only(&abroad, "oidc").await;
    for (acr, enough) in [("urn:example:silver", false), ("urn:haechi:acr:2fa", false), ("urn:example:gold", true)] {
        abroad.emulator.say(Said::IdToken, json!({ "acr": acr }));
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, "oidc").await;
        assert_eq!((page.has("second-step"), page.has("account-name")), (!enough, enough), "{acr}: {}", page.body);
        assert_eq!(abroad.app.has_session(&browser).await, enough, "{acr}");
    }
}

/// An account that was made by a passkey, which is linked and has nothing else: the link is a way in, and no way around.
#[tokio::test]
async fn link_010_an_account_made_by_a_passkey_is_not_signed_in_to_by_its_link_alone() {
    let abroad = Abroad::to("google").await;
    let mut device = Authenticator::new(ISSUER, "minji");
    let mut browser = abroad.app.browser();
    let made = browser.sign_up_by_passkey("owner@example.com", &mut device).await;
    assert!(made.has("account-name"), "{}", made.body);
    let security = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &security, "google").await;
    let answer = abroad.emulator.visit(&url).await;
    let linked = abroad.deliver(&mut browser, &answer).await;
    let user = abroad.user("owner@example.com").await.unwrap();
    assert_eq!(abroad.links(&user).await.len(), 1, "{}", linked.body);
    abroad.app.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let mut other = abroad.app.browser();
    let page = abroad.go(&mut other, "google").await;
    assert!(page.has("second-step") && page.has("passkey"), "{} {}", page.url, page.body);
    assert!(!abroad.app.has_session(&other).await);
    assert!(other.use_passkey(&page, &mut device).await.has("account-name"));
}
