//! A passkey as the second factor that an account adds while it signs in, because it must have one.

use axum::http::StatusCode;
use haechi::identity::accounts::{Adder, FactorRejected, NewFactor};
use haechi::identity::passkeys::PasskeyRejected;
use haechi::model::audit_event::AuditKind;
use haechi::model::policy::FactorPolicy;
use haechi::support::Clock;
use serde_json::json;

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::attesting::{Attesting, metadata};
use crate::support::authenticator::{Authenticator, UP, UV, options};
use crate::support::browser::{Browser, Page};

const ALICE: &str = "alice@example.com";

/// A house in which everybody needs a second factor, and Alice, who has none.
async fn house() -> TestApp {
    let house = TestApp::new().await;
    house.first_party("app").await;
    house.user(ALICE).await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    house
}

/// The page that asks Alice to add a factor, after her password.
async fn asked(house: &TestApp, browser: &mut Browser, path: &str) -> Page {
    let login = browser.get(path).await;
    let asked = house.password_in(browser, &login, ALICE).await;
    assert!(asked.has("second-step-add"), "{}", asked.body);
    asked
}

async fn enrol(browser: &mut Browser, page: &Page, device: &mut Authenticator) -> Page {
    let answer = device.create(&options(page));
    browser.submit(page, "passkey", &[("answer", &answer)]).await
}

#[tokio::test]
async fn who_must_have_a_factor_makes_a_passkey_on_the_way_and_the_app_hears_what_was_proved() {
    let house = house().await;
    let (mut browser, mut device) = (house.browser(), Authenticator::new(ISSUER, "alice"));
    let page = asked(&house, &mut browser, &Ask::of("app").url()).await;
    assert!(
        page.has("passkey") && page.has("second") && page.body.contains("id=\"no-script\""),
        "both are there: {}",
        page.body
    );
    assert!(page.body.find("id=\"passkey\"") < page.body.find("id=\"by-app\""), "the passkey comes first");
    assert!(page.text("whose").contains(ALICE));
    assert!(!house.has_session(&browser).await, "the password alone opens nothing");
    // One whose authenticator did not make sure of its user is none.
    device.flags = UP;
    let refused = enrol(&mut browser, &page, &mut device).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("signalUnknownCredential"), "the passkey was made in vain");
    assert!(!house.has_session(&browser).await);
    device.flags = UP | UV;
    let sent = enrol(&mut browser, &refused, &mut device).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("phr"), &json!(["pwd", "pop", "user", "mfa"])));
    assert_eq!(house.audit(AuditKind::PasskeyAdded).await.len(), 1);
    // From then on it is asked for.
    let mut other = house.browser();
    let login = other.get("/login").await;
    let step = house.password_in(&mut other, &login, ALICE).await;
    assert!(step.has("second-step") && step.has("passkey"), "{}", step.body);
    assert!(other.use_passkey(&step, &mut device).await.has("account-name"));
}

/// Whoever has the password began a login, too, before the account had a factor.
#[tokio::test]
async fn once_there_is_one_no_login_of_before_adds_another() {
    for by_app in [false, true] {
        let house = house().await;
        let (mut alice, mut thief) = (house.browser(), house.browser());
        let own = asked(&house, &mut alice, "/login").await;
        let stolen = asked(&house, &mut thief, "/login").await;
        assert!(enrol(&mut alice, &own, &mut Authenticator::new(ISSUER, "alice")).await.has("account-name"));
        let tried = if by_app {
            thief.submit(&stolen, "second", &[("code", "000000")]).await
        } else {
            enrol(&mut thief, &stolen, &mut Authenticator::new(ISSUER, "thief")).await
        };
        assert_eq!(tried.problem(), "flow-gone", "{}", tried.body);
        assert!(!house.has_session(&thief).await);
        let id = house.user_of(ALICE).await.id;
        assert_eq!(house.stores.passkeys.of_user(id).await.unwrap().len(), 1);
    }
}

/// One that is added on the account's own page ends nothing; a login that waits adds none beside it all the same.
#[tokio::test]
async fn a_passkey_of_the_accounts_own_page_counts_as_well() {
    let house = house().await;
    let mut thief = house.browser();
    let stolen = asked(&house, &mut thief, "/login").await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
    let alice = house.user_of(ALICE).await;
    house.signed_in(&alice).await.add_passkey(&mut Authenticator::new(ISSUER, "alice"), "").await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    assert_eq!(house.user_of(ALICE).await.epochs(), alice.epochs());
    let tried = enrol(&mut thief, &stolen, &mut Authenticator::new(ISSUER, "thief")).await;
    assert_eq!(tried.problem(), "flow-gone", "{}", tried.body);
    assert!(!house.has_session(&thief).await);
}

/// The page looks before the unit of work does; what comes in between is seen by the unit itself.
#[tokio::test]
async fn one_that_is_added_in_the_same_instant_counts_as_well() {
    let house = house().await;
    let mut thief = house.browser();
    let stolen = asked(&house, &mut thief, "/login").await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
    let alice = house.user_of(ALICE).await;
    let mut own = house.signed_in(&alice).await;
    own.add_passkey(&mut Authenticator::new(ISSUER, "alice"), "").await;
    // The thief's login found none a moment ago.
    let answer = Authenticator::new(ISSUER, "thief").create(&options(&stolen));
    let ticket = stolen.form("passkey").field("ticket").unwrap().to_owned();
    let browser = thief.visitor().browser.digest();
    let tried = house.passkeys.enrol((&alice, &Adder::Login), browser, (&ticket, &answer)).await;
    assert!(matches!(tried, Err(PasskeyRejected::Ended)), "{tried:?}");
    let secret = house.accounts.draw_totp_secret();
    let code = secret.code_at(house.clock.now());
    let new = NewFactor { secret: &secret, name: "Phone", code: &code };
    let tried = house.accounts.add_factor((&alice, &Adder::Login), new).await;
    assert!(matches!(tried, Err(FactorRejected::Gone)), "{tried:?}");
    assert!(own.get("/account").await.has("account-name"), "nothing of hers has ended");
    let factors = house.accounts.factors(alice.id).await.unwrap();
    assert!(!factors.any() && house.stores.passkeys.of_user(alice.id).await.unwrap().len() == 1);
}

#[tokio::test]
async fn of_many_who_add_one_at_once_one_is_in() {
    let house = house().await;
    let mut logins = Vec::new();
    for n in 0..6 {
        let mut browser = house.browser();
        let page = asked(&house, &mut browser, "/login").await;
        let answer = Authenticator::new(ISSUER, &format!("{n}")).create(&options(&page));
        logins.push((browser, page, answer));
    }
    let tries = logins.into_iter().map(|(mut browser, page, answer)| async move {
        browser.submit_once(&page, "passkey", &[("answer", &answer)]).await.status.is_redirection()
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|one| *one).count(), 1);
    let id = house.user_of(ALICE).await.id;
    assert_eq!(house.stores.passkeys.of_user(id).await.unwrap().len(), 1);
}

/// The answer of a browser is good once, in that browser, and for that account.
#[tokio::test]
async fn an_answer_is_good_in_its_own_login_and_nowhere_else() {
    let house = house().await;
    let (mut browser, mut other) = (house.browser(), house.browser());
    let page = asked(&house, &mut browser, "/login").await;
    let strange = asked(&house, &mut other, "/login").await;
    let answer = Authenticator::new(ISSUER, "alice").create(&options(&page));
    let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
    let sent = other.submit(&strange, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert!(!house.has_session(&other).await);
}

#[tokio::test]
async fn what_is_decided_about_passkeys_holds_here() {
    let house = house().await;
    let mut browser = house.browser();
    let page = asked(&house, &mut browser, "/login").await;
    house.decide_sign_in(|policy| policy.passkeys = false).await;
    let answer = Authenticator::new(ISSUER, "alice").create(&options(&page));
    let sent = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert!(
        sent.has("second-step-add") && !sent.has("passkey") && !sent.body.contains("id=\"no-script\""),
        "{}",
        sent.body
    );
    assert!(!house.has_session(&browser).await);
    // Only listed authenticators.
    let authority = Attesting::new();
    let listed = uuid::uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a");
    let (_folder, passkeys) = metadata(&authority, listed);
    let house = TestApp::with(|config| config.passkeys = passkeys).await;
    house.user(ALICE).await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let mut browser = house.browser();
    let page = asked(&house, &mut browser, "/login").await;
    let refused = enrol(&mut browser, &page, &mut Authenticator::new(ISSUER, "any")).await;
    assert!(refused.text("problem").contains("certain security keys"), "{}", refused.body);
    let mut device = Authenticator::new(ISSUER, "listed");
    device.aaguid = *listed.as_bytes();
    device.attested_by(Some(&authority));
    assert!(enrol(&mut browser, &refused, &mut device).await.has("account-name"));
}

#[tokio::test]
async fn a_session_that_lacks_one_by_now_is_raised_by_it_and_others_end() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let alice = house.user(ALICE).await;
    let (mut browser, mut other) = (house.signed_in(&alice).await, house.signed_in(&alice).await);
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let page = browser.get("/account/profile").await;
    assert!(page.has("second-step-add") && page.has("passkey") && !page.has("cancel"), "{}", page.body);
    // Signing out is the way to another account.
    assert_eq!(page.link("somebody-else"), "/logout");
    let back = enrol(&mut browser, &page, &mut Authenticator::new(ISSUER, "alice")).await;
    assert_eq!(back.url.path(), "/account/profile", "{}", back.body);
    let sent = browser.get(&Ask::of("app").url()).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    assert_eq!(claims["acr"], "phr");
    assert_eq!(other.get("/account").await.url.path(), "/login", "what was signed in without it has ended");
}

#[tokio::test]
async fn who_adds_an_app_of_their_own_accord_is_asked_for_an_app() {
    let house = TestApp::new().await;
    house.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Offered).await;
    let alice = house.user(ALICE).await;
    let mut browser = house.signed_in(&alice).await;
    let security = browser.get("/account/security").await;
    let page = browser.submit(&security, "add-factor", &[("action", "add")]).await;
    assert!(page.has("second-step-add") && page.has("cancel"), "{}", page.body);
    assert!(!page.has("passkey") && !page.has("somebody-else") && page.text("whose").contains(ALICE), "{}", page.body);
}

#[tokio::test]
async fn somebody_else_signs_in_for_the_same_app() {
    let house = house().await;
    let bob = house.user("bob@example.com").await;
    let phone = house.phone_of(&bob).await;
    let mut browser = house.browser();
    let page = asked(&house, &mut browser, &Ask::of("app").url()).await;
    let login = browser.submit(&page, "somebody-else", &[]).await;
    assert!(login.has("login"), "{}", login.body);
    let step = browser.submit(&login, "login", &[("email", "bob@example.com"), ("password", PASSWORD)]).await;
    assert!(step.text("whose").contains("bob@example.com") && step.has("somebody-else"), "{}", step.body);
    let sent = browser.submit(&step, "second", &[("code", &phone.code(&house))]).await;
    let (_, claims) = house.id_token("app", &sent.answer()["code"]).await;
    assert_eq!(claims["sub"], bob.id.to_string());
    // Where no app waits it is a link.
    let mut plain = house.browser();
    let page = asked(&house, &mut plain, "/login").await;
    assert_eq!(page.link("somebody-else"), "/login");
}
