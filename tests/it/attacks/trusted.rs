//! MFA-007: the cookie of a browser that an account trusts to go without its second factor, copied.
//!
//! The catalogue has such a trust "bound to user+device key", ended by a change of credentials, listed and revocable. Here we deviate from it, and docs/second-factors.md says so: a
//! cookie is no key of a device, so a copy of it goes without the code wherever the password is known and a browser of the same kind is named. What is held is how little more
//! than that a copy is worth, and what ends it.

use haechi::admin::{Authority, ProvenAuthority, users};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::support::Secret;

use crate::support::app::{PASSWORD, PEER, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::Browser;
use crate::support::factors::{Phone, STEP};

const ALICE: &str = "alice@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";
const OPERATOR: ProvenAuthority = Authority::operator();
/// What the owner's browser and the thief's say of themselves.
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// Other programs, the same one on another system, and one that says nothing.
const OTHER_AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "curl/8.14.1",
    "",
];
/// Where the owner and the thief are.
const HOME: &str = "203.0.113.5";
const ELSEWHERE: &str = "198.51.100.77";

/// A house behind a proxy, with an app, and Alice who has a phone.
async fn house() -> (TestApp, Phone) {
    let house = TestApp::with(|config| config.network.trusted_proxies = vec![PEER.ip().into()]).await;
    house.first_party("app").await;
    let alice = house.user(ALICE).await;
    let phone = house.phone_of(&alice).await;
    (house, phone)
}

fn browser_at(house: &TestApp, address: &str) -> Browser {
    let mut browser = house.browser();
    browser.headers = headers(AGENT, address);
    browser
}

fn headers(agent: &str, address: &str) -> Vec<(&'static str, String)> {
    vec![("user-agent", agent.to_owned()), ("x-forwarded-for", address.to_owned())]
}

/// The owner's browser, which Alice trusts, and in which she is signed in.
async fn trusting(house: &TestApp, phone: &Phone) -> Browser {
    let mut browser = browser_at(house, HOME);
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    let account = browser.submit(&page, "second", &[("code", &phone.code(house)), ("trust", "yes")]).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    house.clock.advance(STEP);
    browser
}

/// Another browser of the same kind, elsewhere, with a copy of the cookie that says which browser it is: not of the session.
fn copied(house: &TestApp, browser: &Browser) -> Browser {
    let mut copy = browser_at(house, ELSEWHERE);
    let name = copy.browser_cookie_name();
    copy.set_cookie(name, browser.cookie(name).unwrap());
    copy
}

/// Whether a password alone signs Alice in there.
async fn goes_without(browser: &Browser, password: &str) -> bool {
    let mut browser = browser.clone();
    browser.set_cookie(browser.session_cookie_name(), "");
    let login = browser.get("/login").await;
    let page = browser.submit(&login, "login", &[("email", ALICE), ("password", password)]).await;
    page.url.path() == "/account"
}

async fn now(house: &TestApp) -> User {
    house.user_of(ALICE).await
}

/// The deviation, as it is: a copy goes without the code where the password is known, as there is no key of a device that it would lack. It is worth no more than the factor
/// that was left out, and is no browser of its own: one entry stands for all copies, and ends with it.
#[tokio::test]
async fn mfa_007_a_copied_cookie_is_no_session_no_password_and_no_second_factor() {
    let (house, phone) = house().await;
    let browser = trusting(&house, &phone).await;
    let mut copy = copied(&house, &browser);
    assert_eq!(copy.get("/account").await.url.path(), "/login");
    assert!(!goes_without(&copy, "not the password").await);
    let login = copy.get(&Ask::of("app").url()).await;
    let page = house.password_in(&mut copy, &login, ALICE).await;
    assert!(!page.has("second-step"), "{}", page.body);
    // The app is told of one factor, and what changes a way in asks for the second.
    assert_eq!(house.id_token("app", &page.answer()["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    let security = copy.get("/account/security").await;
    let asked = copy.submit(&security, "remove-factor", &[]).await;
    assert!(asked.has("step-up") && asked.has("code") && !asked.has("current"), "{}", asked.body);
    let demanded = copy.get(&Ask::of("app").with("acr_values", "urn:haechi:acr:2fa").url()).await;
    assert!(demanded.has("second-step"), "{}", demanded.body);
    // Its owner sees that somebody is in, from where, and in the log that nobody asked for the code.
    let mut owner = browser.clone();
    let sessions = owner.get("/account/sessions").await;
    assert!(sessions.text("sessions").contains("198.51.100.0/24"));
    assert!(sessions.has("forget-browser") && !sessions.has("forget-browser-2"), "{}", sessions.body);
    assert_eq!(copy.get("/account/sessions").await.text("trusted"), sessions.text("trusted"));
    let by_trust = house.audit(AuditKind::SignedIn).await;
    assert!(by_trust.iter().any(|entry| entry.detail.as_deref() == Some("trusted browser")), "{by_trust:?}");
}

#[tokio::test]
async fn mfa_007_a_trusted_browser_is_listed_and_what_is_revoked_there_is_revoked_for_every_copy() {
    let (house, phone) = house().await;
    let mut browser = trusting(&house, &phone).await;
    let copy = copied(&house, &browser);
    let sessions = browser.get("/account/sessions").await;
    let listed = sessions.text("trusted");
    assert!(listed.contains("Firefox") && listed.contains("203.0.113.0/24"), "{listed}");
    for one in [&browser, &copy] {
        assert!(goes_without(one, PASSWORD).await);
    }
    let sent = browser.send_form(&sessions, sessions.form("forget-browser"), &[]).await;
    assert!(sent.location().is_some(), "{}", sent.body);
    for one in [&browser, &copy] {
        assert!(!goes_without(one, PASSWORD).await);
    }
    assert!(!browser.get("/account/sessions").await.has("trusted"));
    assert_eq!(house.audit(AuditKind::BrowserForgotten).await.len(), 1);
}

/// "Copy cookie to other device": to one of the same kind it is worth what the test above says, to any other nothing.
#[tokio::test]
async fn mfa_007_the_cookie_is_worth_nothing_in_a_browser_of_another_kind() {
    let (house, phone) = house().await;
    let browser = trusting(&house, &phone).await;
    for agent in OTHER_AGENTS {
        for mut one in [browser.clone(), copied(&house, &browser)] {
            one.headers = headers(agent, HOME);
            one.set_cookie(one.session_cookie_name(), "");
            let login = one.get("/login").await;
            assert!(house.password_in(&mut one, &login, ALICE).await.has("second-step"), "{agent}");
        }
    }
    assert!(goes_without(&browser, PASSWORD).await, "and it is trusted as before");
}

/// "Copy cookie to [...] other user".
#[tokio::test]
async fn mfa_007_the_cookie_is_worth_nothing_for_another_account() {
    let (house, phone) = house().await;
    let browser = trusting(&house, &phone).await;
    let bob = house.user("bob@example.com").await;
    house.phone_of(&bob).await;
    for mut one in [browser.clone(), copied(&house, &browser)] {
        one.set_cookie(one.session_cookie_name(), "");
        let login = one.get("/login").await;
        assert!(house.password_in(&mut one, &login, "bob@example.com").await.has("second-step"));
    }
}

/// "After password change", and after every other end of what Alice proved herself by.
#[tokio::test]
async fn mfa_007_trust_dies_with_the_credentials() {
    for change in ["own", "administrator", "factors reset", "passkey removed", "everything ended"] {
        let (house, phone) = house().await;
        let mut browser = trusting(&house, &phone).await;
        let copy = copied(&house, &browser);
        let mut password = PASSWORD;
        match change {
            "own" => {
                let page = browser.get("/account/security").await;
                let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
                let done = browser.submit(&page, "account-password", &fields).await;
                assert!(done.has("saved"), "{}", done.body);
                password = NEW_PASSWORD;
            }
            "administrator" => {
                let new = Secret::from(NEW_PASSWORD);
                users::set_password(&house.admin, &OPERATOR, phone.user.id, &new, "seen in person").await.unwrap();
                password = NEW_PASSWORD;
            }
            "factors reset" => {
                users::reset_factors(&house.admin, &OPERATOR, phone.user.id, "lost").await.unwrap();
                house.phone_of(&now(&house).await).await;
            }
            "passkey removed" => {
                let mut device = crate::support::authenticator::Authenticator::new(house.issuer(), "alice");
                let added = browser.add_passkey(&mut device, "").await;
                assert!(added.has("saved"), "{}", added.body);
                let passkey = house.passkeys.of(phone.user.id).await.unwrap().remove(0);
                house.passkeys.remove(&house.proof_of(&now(&house).await), passkey.id).await.unwrap();
            }
            _ => house.accounts.sign_out_everywhere(phone.user.id).await.unwrap(),
        }
        for one in [&browser, &copy] {
            assert!(!goes_without(one, password).await, "{change}");
        }
    }
}

/// The phone that the trust was given by is lost, and removed with the help of another one: whoever has it, and was trusted by it, has nothing more.
#[tokio::test]
async fn mfa_007_trust_dies_with_the_app_that_it_was_given_by() {
    let (house, phone) = house().await;
    let browser = trusting(&house, &phone).await;
    let lost = house.accounts.factors(phone.user.id).await.unwrap().all.remove(0).id;
    house.phone_of(&now(&house).await).await;
    house.accounts.remove_factor(&house.proof_of(&now(&house).await), lost).await.unwrap();
    assert_eq!(
        house.accounts.factors(phone.user.id).await.unwrap().all.len(),
        1,
        "there is one that could be asked for"
    );
    assert!(!goes_without(&browser, PASSWORD).await);
}
