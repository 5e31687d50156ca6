//! Who is it now: what a session alone does not do, and what a return from a provider proves.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::user::Role;
use haechi::support::Clock;
use serde_json::json;
use url::Url;

use super::{Abroad, is_signed_in, outcome};
use crate::support::app::PASSWORD;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::Said;
use crate::support::emulator::providers::{Person, named};

const NEW: &str = "three cranes over a paddy field";

/// Longer than a proof lasts.
const LATER: Duration = Duration::from_mins(11);

/// Whether the page asks to confirm that it is the end-user.
#[track_caller]
fn assert_asked(page: &Page) {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
    assert!(page.has("step-up"), "{}", page.body);
}

impl Abroad {
    /// The provider says from now on that its user authenticated there this long ago.
    fn authenticated_there(&self, ago: Duration) {
        let at = self.app.clock.now().minus(ago).seconds();
        self.emulator.say(Said::IdToken, json!({ "auth_time": at }));
    }

    /// Kim, who signed up through a provider long ago, without a password, is signed in.
    async fn kim(slug: &str) -> (Self, Browser) {
        let abroad = Self::to(slug).await;
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, slug).await;
        assert!(is_signed_in(&browser));
        abroad.app.clock.advance(LATER);
        (abroad, browser)
    }

    /// The end-user asks for a first password.
    async fn set_password(&self, browser: &mut Browser) -> Page {
        let account = browser.get("/account/security").await;
        browser.submit(&account, "account-password", &[("password", NEW)]).await
    }

    /// The end-user goes to a provider from a page and comes back.
    async fn visit(&self, browser: &mut Browser, page: &Page, slug: &str) -> (Url, Page) {
        let url = self.press(browser, page, slug).await;
        let answer = self.emulator.visit(&url).await;
        let back = self.deliver(browser, &answer).await;
        (url, back)
    }
}

#[tokio::test]
async fn a_session_alone_adds_no_way_in() {
    let abroad = Abroad::to("github").await;
    let alice = abroad.app.user("alice@example.com").await;
    let mut browser = abroad.app.signed_in(&alice).await;
    abroad.app.clock.advance(LATER);
    let account = browser.get("/account/security").await;
    let asked = browser.get_once(&account.link("upstream-github")).await;
    assert_asked(&asked);
    let wrong = browser.submit(&asked, "confirm", &[("current", "not the password")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("current-problem"), "{}", wrong.body);
    assert!(abroad.links(&alice).await.is_empty());
    let confirmed = browser.submit(&wrong, "confirm", &[("current", PASSWORD)]).await;
    let url = browser.get_once(&confirmed.link("go-on")).await.location().unwrap().parse().unwrap();
    let answer = abroad.emulator.visit(&url).await;
    abroad.deliver(&mut browser, &answer).await;
    assert_eq!(abroad.links(&alice).await.len(), 1);
    // For a while nothing asks again.
    let account = browser.get("/account/security").await;
    let form = account.form_to("/account/links");
    let subject = abroad.links(&alice).await.remove(0).identity.subject;
    let removed = browser.send_form(&account, form, &[("subject", subject.as_str())]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_alone_removes_no_way_in() {
    let abroad = Abroad::to("github").await;
    let alice = abroad.app.user("alice@example.com").await;
    let mut browser = abroad.app.signed_in(&alice).await;
    let account = browser.get("/account/security").await;
    abroad.visit(&mut browser, &account, "github").await;
    let link = abroad.links(&alice).await.remove(0);
    abroad.app.clock.advance(LATER);
    let account = browser.get("/account/security").await;
    let form = account.form_to("/account/links");
    let asked = browser.send_form(&account, form, &[("subject", link.identity.subject.as_str())]).await;
    assert_asked(&asked);
    assert_eq!(abroad.links(&alice).await.len(), 1);
    // The password is all that is typed: what was asked for is kept.
    let done = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert!(done.has("saved"), "{}", done.body);
    assert!(abroad.links(&alice).await.is_empty());
}

#[tokio::test]
async fn a_link_that_takes_longer_than_the_proof_lasts_is_not_made() {
    let abroad = Abroad::to("github").await;
    let alice = abroad.app.user("alice@example.com").await;
    let mut browser = abroad.app.signed_in(&alice).await;
    let account = browser.get("/account/security").await;
    let url = abroad.press(&mut browser, &account, "github").await;
    abroad.app.clock.advance(LATER);
    let answer = abroad.emulator.visit(&url).await;
    let late = abroad.deliver(&mut browser, &answer).await;
    assert!(late.has("saved") && late.url.query() == Some("done=proof-ended"), "{}", late.url);
    assert!(abroad.links(&alice).await.is_empty());
}

#[tokio::test]
async fn silent_sign_in_at_a_provider_proves_nothing() {
    let (abroad, mut browser) = Abroad::kim("oidc").await;
    let kim = abroad.user("minji@corp.example").await.unwrap();
    // Coming back is no proof, however short ago it was.
    abroad.authenticated_there(Duration::ZERO);
    let mut fresh = abroad.app.browser();
    abroad.go(&mut fresh, "oidc").await;
    assert_asked(&abroad.set_password(&mut fresh).await);
    // Neither is a visit during which the user does nothing: the provider is asked to authenticate its user, and says when it did.
    let asked = abroad.set_password(&mut browser).await;
    assert_asked(&asked);
    abroad.authenticated_there(LATER);
    let (url, silent) = abroad.visit(&mut browser, &asked, "oidc").await;
    let sent: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!((sent["prompt"].as_str(), sent["max_age"].as_str()), ("login", "0"));
    assert_eq!(outcome(&silent), "upstream-failed");
    assert_asked(&abroad.set_password(&mut browser).await);
    assert!(abroad.app.stores.users.password(kim.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_first_password_is_set_after_a_visit_that_proves_it_and_is_no_new_authentication() {
    let (abroad, mut browser) = Abroad::kim("oidc").await;
    abroad.app.first_party("app").await;
    let kim = abroad.user("minji@corp.example").await.unwrap();
    let before = abroad.app.flow.sessions.of_user(kim.id).await.unwrap().remove(0);
    let cookie = browser.cookie(browser.session_cookie_name()).unwrap().to_owned();
    let asked = abroad.set_password(&mut browser).await;
    assert!(!asked.body.contains(NEW), "what was typed is kept, and not on the page");
    abroad.authenticated_there(Duration::ZERO);
    let (_, confirmed) = abroad.visit(&mut browser, &asked, "oidc").await;
    assert!(confirmed.has("confirmed"), "{}", confirmed.body);
    assert!(abroad.app.stores.users.password(kim.id).await.unwrap().is_none(), "coming back changes nothing by itself");
    assert_ne!(
        browser.cookie(browser.session_cookie_name()).unwrap(),
        cookie,
        "a copy of the old cookie shares no proof"
    );
    let done = browser.submit(&confirmed, "go-on", &[]).await;
    assert!(done.has("saved"), "{}", done.body);
    assert!(
        abroad
            .app
            .accounts
            .sign_in("minji@corp.example", &NEW.into(), &crate::support::accounts::from([192, 0, 2, 1]))
            .await
            .is_ok()
    );
    // The sign-in goes on as it was: the password proved nothing, it was set.
    let after = abroad.app.flow.sessions.of_user(kim.id).await.unwrap().remove(0);
    assert_eq!((after.id, after.auth_time, &after.amr), (before.id, before.auth_time, &before.amr));
    assert_ne!(after.epoch, before.epoch, "everything else ended");
    let (_, claims) = abroad.app.id_token_in(&mut browser, "app").await;
    assert_eq!(claims["amr"], json!(before.amr));
    // The same form again is done already.
    assert_eq!(browser.submit(&confirmed, "go-on", &[]).await.problem(), "flow-gone");
}

#[tokio::test]
async fn a_provider_that_says_nothing_of_the_time_proves_nothing() {
    let (abroad, mut browser) = Abroad::kim("google").await;
    let asked = abroad.set_password(&mut browser).await;
    assert_asked(&asked);
    assert!(asked.has("no-way") && !asked.has("upstream-google") && !asked.has("confirm"), "{}", asked.body);
    assert!(asked.body.contains("Google"));
    // One that promises to say it, and does not.
    let (abroad, mut browser) = Abroad::kim("oidc").await;
    let asked = abroad.set_password(&mut browser).await;
    abroad.emulator.say(Said::IdToken, json!({ "auth_time": null }));
    let (_, silent) = abroad.visit(&mut browser, &asked, "oidc").await;
    assert_eq!(outcome(&silent), "upstream-failed");
    assert_asked(&abroad.set_password(&mut browser).await);
}

#[tokio::test]
async fn an_operator_can_let_a_return_prove_what_a_provider_does_not_say() {
    let abroad = Abroad::with(|config| config.accounts.provider_return_proves = true).await;
    abroad.connect("google", "google", |_| ()).await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    // Even so the sign-in itself is none: it is the visit that was begun for it.
    let asked = abroad.set_password(&mut browser).await;
    assert_asked(&asked);
    let (_, confirmed) = abroad.visit(&mut browser, &asked, "google").await;
    let done = browser.submit(&confirmed, "go-on", &[]).await;
    assert!(done.has("saved"), "{}", done.body);
}

#[tokio::test]
async fn link_009_a_visit_proves_the_account_that_is_signed_in_once_and_in_its_browser() {
    let (abroad, mut browser) = Abroad::kim("oidc").await;
    abroad.authenticated_there(Duration::ZERO);
    let asked = abroad.set_password(&mut browser).await;
    let url = abroad.press(&mut browser, &asked, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    // In another browser, in which another account is signed in.
    let mut thief = abroad.app.signed_in(&abroad.app.user("mallory@example.com").await).await;
    assert_eq!(outcome(&abroad.deliver(&mut thief, &answer).await), "upstream-other-browser");
    assert!(abroad.deliver(&mut browser, &answer).await.has("confirmed"));
    assert_eq!(outcome(&abroad.deliver(&mut browser, &answer).await), "upstream-over");
    // Another user of the provider proves nothing here.
    abroad.app.clock.advance(LATER);
    abroad.authenticated_there(Duration::ZERO);
    let asked = abroad.set_password(&mut browser).await;
    abroad.emulator.seat("oidc", Person { id: "another", email: "lee@corp.example", ..named("oidc").person });
    let (_, refused) = abroad.visit(&mut browser, &asked, "oidc").await;
    assert_eq!(outcome(&refused), "upstream-not-the-owner");
    assert_asked(&abroad.set_password(&mut browser).await);
}

/// Who has a passkey proves the account by it: no provider is offered, and a visit that somebody makes up proves nothing.
#[tokio::test]
async fn a_visit_proves_no_account_that_has_a_passkey() {
    let (abroad, mut browser) = Abroad::kim("oidc").await;
    let kim = abroad.user("minji@corp.example").await.unwrap();
    let mut device = Authenticator::new(abroad.app.issuer(), "kim");
    assert!(abroad.app.signed_in(&kim).await.add_passkey(&mut device, "").await.has("saved"));
    let asked = abroad.set_password(&mut browser).await;
    assert_asked(&asked);
    assert!(asked.has("passkey") && !asked.has("upstream-oidc"), "{}", asked.body);
    abroad.authenticated_there(Duration::ZERO);
    let kept = asked.form("passkey").field("kept").unwrap().to_owned();
    let token = abroad.app.csrf(&browser, "/upstream/oidc/start").await;
    let forged = format!("/upstream/oidc/start?purpose=confirm&waiting={kept}&csrf={token}");
    let there = browser.get_once(&forged).await.location().unwrap().parse().unwrap();
    let answer = abroad.emulator.visit(&there).await;
    let back = abroad.deliver(&mut browser, &answer).await;
    assert_eq!(outcome(&back), "upstream-not-proved");
    assert_asked(&abroad.set_password(&mut browser).await);
    let asked = abroad.set_password(&mut browser).await;
    assert!(browser.use_passkey(&asked, &mut device).await.has("saved"));
}

#[tokio::test]
async fn what_waits_for_its_owner_is_not_linked_by_a_silent_visit() {
    let abroad = Abroad::to("oidc").await;
    abroad.connect("github", "github", |_| ()).await;
    abroad.go(&mut abroad.app.browser(), "oidc").await;
    let kim = abroad.user("minji@corp.example").await.unwrap();
    abroad.app.clock.advance(LATER);
    abroad.emulator.seat("github", Person { email: "minji@corp.example", ..named("github").person });
    let mut browser = abroad.app.browser();
    let waiting = abroad.go(&mut browser, "github").await;
    abroad.authenticated_there(LATER);
    let (_, silent) = abroad.visit(&mut browser, &waiting, "oidc").await;
    assert_eq!(outcome(&silent), "upstream-failed");
    assert!(!is_signed_in(&browser));
    assert_eq!(abroad.links(&kim).await.len(), 1);
    abroad.authenticated_there(Duration::ZERO);
    abroad.visit(&mut browser, &waiting, "oidc").await;
    assert!(is_signed_in(&browser));
    assert_eq!(abroad.links(&kim).await.len(), 2);
}

#[tokio::test]
async fn sess_017_what_waits_for_a_proof_is_of_its_sign_in_and_not_done_without_one() {
    let abroad = Abroad::to("oidc").await;
    let alice = abroad.app.user("alice@example.com").await;
    let bob = abroad.app.user("bob@example.com").await;
    abroad.connect("github", "github", |_| ()).await;
    let mut browser = abroad.app.signed_in(&alice).await;
    let account = browser.get("/account/security").await;
    abroad.visit(&mut browser, &account, "github").await;
    let subject = abroad.links(&alice).await.remove(0).identity.subject;
    abroad.app.clock.advance(LATER);
    let account = browser.get("/account/security").await;
    let form = account.form_to("/account/links");
    let asked = browser.send_form(&account, form, &[("subject", subject.as_str())]).await;
    let kept = asked.form("confirm").field("kept").unwrap().to_owned();
    let csrf = asked.form("confirm").field("csrf").unwrap().to_owned();
    // Without a password, and with the form's fields put in by hand.
    for fields in [
        vec![("csrf", csrf.as_str()), ("kept", &kept)],
        vec![("csrf", csrf.as_str()), ("kept", &kept), ("current", ""), ("proved", "yes")],
        vec![("csrf", csrf.as_str()), ("subject", subject.as_str()), ("connection", "x"), ("current", PASSWORD)],
        vec![("csrf", csrf.as_str()), ("kept", "AAAA"), ("current", PASSWORD)],
    ] {
        let page = browser.post_once("/account/links", &fields).await;
        assert!(page.status.is_client_error(), "{fields:?}: {}", page.status);
        assert_eq!(abroad.links(&alice).await.len(), 1);
    }
    // At another route of the account.
    let elsewhere = abroad.app.csrf(&browser, "/account/confirm").await;
    let fields = [("csrf", elsewhere.as_str()), ("kept", kept.as_str()), ("current", PASSWORD)];
    assert_eq!(browser.post_once("/account/confirm", &fields).await.problem(), "flow-gone");
    // With a copy of the session's cookie, in another browser.
    let mut thief = abroad.app.browser();
    thief.ensure_cookie().await;
    let cookie = browser.cookie(browser.session_cookie_name()).unwrap();
    thief.set_cookie(browser.session_cookie_name(), cookie);
    let theirs = abroad.app.csrf(&thief, "/account/links").await;
    let fields = [("csrf", theirs.as_str()), ("kept", kept.as_str()), ("current", PASSWORD)];
    assert_eq!(thief.post_once("/account/links", &fields).await.problem(), "flow-gone");
    // As another account of the same browser.
    let mut other = browser.clone();
    abroad.app.sign_in(&mut other, &bob).await;
    let theirs = abroad.app.csrf(&other, "/account/links").await;
    let fields = [("csrf", theirs.as_str()), ("kept", kept.as_str()), ("current", PASSWORD)];
    assert_eq!(other.post_once("/account/links", &fields).await.problem(), "flow-gone");
    assert_eq!(abroad.links(&alice).await.len(), 1);
}

#[tokio::test]
async fn adm_001_only_an_administrator_is_sent_to_a_provider_to_test_the_connection() {
    let abroad = Abroad::to("google").await;
    let kim = abroad.app.user("kim@example.com").await;
    let path = "/upstream/google/start";
    let mut browser = abroad.app.signed_in(&kim).await;
    for (role, status) in [(None, 403), (Some(Role::PeopleManager), 403), (Some(Role::Administrator), 303)] {
        let roles = role.into_iter().collect();
        users::set_roles(&abroad.app.admin, &Authority::operator(), kim.id, roles).await.unwrap();
        let token = abroad.app.csrf(&browser, path).await;
        let sent = browser.get_once(&format!("{path}?purpose=test&csrf={token}")).await;
        assert_eq!(sent.status.as_u16(), status, "{role:?}");
    }
}
