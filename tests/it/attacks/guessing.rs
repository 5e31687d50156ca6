//! ENUM-006: thousands of guesses at an account, and at an administrator's. Nobody is locked out: not where they were before, and not who has a passkey, wherever
//! they are.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::config::throttling::ThrottlingConfig;
use haechi::identity::accounts::SignInRejected;
use haechi::model::User;
use haechi::model::policy::FactorPolicy;

use crate::support::accounts::from;
use crate::support::app::{ISSUER, PASSWORD, PEER, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;

const ALICE: &str = "alice@example.com";
const OWNER: &str = "owner@example.com";
/// Where both were before, where they never were, and whence most guesses come.
const HOME: &str = "203.0.113.5";
const ABROAD: &str = "198.51.100.77";
const MALLORY: &str = "192.0.2.1";
/// How often each account is guessed at from each of three kinds of places.
const GUESSES: u32 = 200;

/// A house as it is run: guesses cost what they cost, and administrators have a second factor.
async fn house() -> TestApp {
    TestApp::with(|config| {
        config.throttling = ThrottlingConfig::default();
        config.network.trusted_proxies = vec![PEER.ip().into()];
        config.accounts.administrators_second_factor = FactorPolicy::Required;
    })
    .await
}

fn browser_at(house: &TestApp, address: &str) -> Browser {
    let mut browser = house.browser();
    browser.headers.push(("x-forwarded-for", address.to_owned()));
    browser
}

/// A passkey of an account that has nothing but a password.
async fn given(house: &TestApp, user: &User) -> Authenticator {
    let mut device = Authenticator::new(ISSUER, user.email.as_str());
    let added = house.signed_in(user).await.add_passkey(&mut device, "Key").await;
    assert!(added.has("saved"), "{}", added.body);
    device
}

async fn by_passkey(browser: &mut Browser, device: &mut Authenticator) -> bool {
    let login = browser.get("/login").await;
    browser.use_passkey(&login, device).await.has("account-name")
}

/// The same browser, signed out.
fn signed_out(mut browser: Browser) -> Browser {
    browser.set_cookie(browser.session_cookie_name(), "");
    browser
}

/// Guesses at both: from one address, from where they live, and from as many addresses as there are guesses.
async fn attack(house: &TestApp) {
    for number in 0..GUESSES {
        let [_, _, high, low] = number.to_be_bytes();
        for address in [[192, 0, 2, 1], [203, 0, 113, 5], [10, 1, high, low]] {
            for email in [ALICE, OWNER] {
                let tried = house.log_in(email, "a wrong password", &from(address)).await;
                assert!(tried.is_err());
            }
        }
    }
    for email in [ALICE, OWNER] {
        let stranger = house.log_in(email, PASSWORD, &from([10, 9, 9, 9])).await;
        let held = matches!(stranger, Err(SignInRejected::Throttled { .. } | SignInRejected::Work));
        assert!(held, "the attack on {email} is under way: {stranger:?}");
    }
}

#[tokio::test]
async fn enum_006_under_attack_a_passkey_opens_an_account_and_the_console_from_everywhere() {
    let house = house().await;
    let (alice, owner) = (house.user(ALICE).await, house.administrator(OWNER).await);
    let (mut hers, mut his) = (given(&house, &alice).await, given(&house, &owner).await);
    attack(&house).await;
    // Where nobody of them ever was, at home, and where the guesses come from.
    for address in [ABROAD, HOME, MALLORY] {
        let mut browser = browser_at(&house, address);
        assert!(by_passkey(&mut browser, &mut hers).await, "Alice at {address}");
        let mut browser = browser_at(&house, address);
        assert!(by_passkey(&mut browser, &mut his).await, "the owner at {address}");
        let console = browser.get("/admin/people").await;
        assert_eq!((console.status, console.url.path()), (StatusCode::OK, "/admin/people"), "{address}");
    }
    // What is confirmed by it goes on, too.
    let mut browser = browser_at(&house, ABROAD);
    assert!(by_passkey(&mut browser, &mut hers).await);
    house.clock.advance(Duration::from_mins(12));
    attack(&house).await;
    let page = browser.get("/account/delete").await;
    let asked = browser.submit(&page, "delete", &[("address", ALICE)]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    assert!(browser.use_passkey(&asked, &mut hers).await.has("account-deleted"));
}

#[tokio::test]
async fn enum_006_under_attack_an_administrator_signs_in_by_password_where_they_were_before() {
    let house = house().await;
    let owner = house.administrator(OWNER).await;
    house.user(ALICE).await;
    let mut device = given(&house, &owner).await;
    let mut home = browser_at(&house, HOME);
    assert!(by_passkey(&mut home, &mut device).await);
    attack(&house).await;
    let mut home = signed_out(home);
    let login = home.get("/login").await;
    let second = house.password_in(&mut home, &login, OWNER).await;
    assert!(second.has("second-step") && second.has("passkey"), "{}", second.body);
    assert!(home.use_passkey(&second, &mut device).await.has("account-name"));
    assert_eq!(home.get("/admin").await.status, StatusCode::OK);
    // Nothing lasts: whoever never was here may try again, at the price that guesses have by then.
    house.clock.advance(Duration::from_mins(30));
    for email in [ALICE, OWNER] {
        let later = house.log_in(email, PASSWORD, &from([10, 9, 9, 9])).await;
        assert!(matches!(later, Ok(_) | Err(SignInRejected::Work)), "{email}: {later:?}");
    }
}

/// Whoever has the password uses up the codes of a day: the passkey beside the app is asked for as before.
#[tokio::test]
async fn enum_006_codes_that_strangers_use_up_leave_the_passkey_open() {
    let house = house().await;
    let alice = house.user(ALICE).await;
    let mut device = given(&house, &alice).await;
    let phone = house.phone_of(&alice).await;
    for number in 0..5 {
        let mut mallory = browser_at(&house, MALLORY);
        let login = mallory.get("/login").await;
        let asked = house.password_in(&mut mallory, &login, ALICE).await;
        let sent = mallory.submit(&asked, "second", &[("code", "000000")]).await;
        assert!(sent.status.is_client_error() && !house.has_session(&mallory).await, "{number}: {}", sent.body);
    }
    let mut browser = browser_at(&house, ABROAD);
    let login = browser.get("/login").await;
    let asked = house.password_in(&mut browser, &login, ALICE).await;
    let refused = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert!(refused.status.is_client_error() && !house.has_session(&browser).await, "{}", refused.body);
    assert!(refused.has("passkey"), "the page still offers it: {}", refused.body);
    assert!(browser.use_passkey(&refused, &mut device).await.has("account-name"));
}
