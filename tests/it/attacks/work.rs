//! Work is asked for wherever a password or a code can be guessed; what mail does of it is beside the other tests of mail, and linking beside those of providers.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::identity::password::Asker;
use haechi::model::User;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};
use crate::support::factors::Phone;
use crate::support::work::{Guessed, challenge, solution};

const ALICE: &str = "alice@example.com";
const NEW: &str = "three cranes over a paddy field";
const FREE: u32 = 2;
const WRONG: (&str, u32) = ("not the password", FREE);
const WRONG_CODE: (&str, u32) = ("000 000", FREE);

async fn house() -> (TestApp, User) {
    let house = TestApp::with(|config| config.throttling.guesses_before_work = FREE).await;
    let alice = house.user(ALICE).await;
    (house, alice)
}

/// A browser in which Alice signed in by her password, which it knows from then on.
async fn at_home(house: &TestApp) -> Browser {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    browser
}

/// The page that asks who it is, before an account is deleted.
async fn asked(house: &TestApp, browser: &mut Browser) -> Page {
    house.clock.advance(Duration::from_mins(11));
    let page = browser.get("/account/delete").await;
    let page = browser.submit(&page, "delete", &[("address", ALICE)]).await;
    assert!(page.has("step-up"), "{}", page.body);
    page
}

#[tokio::test]
async fn the_password_that_confirms_is_worked_for() {
    let (house, _) = house().await;
    let mut browser = at_home(&house).await;
    let page = asked(&house, &mut browser).await;
    let guessed = Guessed { form: "confirm", field: "current", besides: &[] };
    let done = guessed.at(&mut browser, page, WRONG, PASSWORD).await;
    assert!(done.has("account-deleted"), "{}", done.body);
}

#[tokio::test]
async fn the_password_that_is_changed_is_worked_for() {
    let (house, _) = house().await;
    let mut browser = at_home(&house).await;
    let page = browser.get("/account/security").await;
    let guessed = Guessed { form: "account-password", field: "current", besides: &[("password", NEW)] };
    let done = guessed.at(&mut browser, page, WRONG, PASSWORD).await;
    assert_eq!((done.status, done.has("problem")), (StatusCode::OK, false), "{}", done.body);
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = browser.submit(&login, "login", &[("email", ALICE), ("password", NEW)]).await;
    assert_eq!(page.url.path(), "/account");
}

#[tokio::test]
async fn the_code_that_confirms_is_worked_for() {
    let (house, alice) = house().await;
    let phone: Phone = house.phone_of(&alice).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    browser.submit(&page, "second", &[("code", &phone.code(&house))]).await;
    let page = asked(&house, &mut browser).await;
    let (guessed, code) = (Guessed { form: "confirm", field: "code", besides: &[] }, phone.code(&house));
    let done = guessed.at(&mut browser, page, WRONG_CODE, &code).await;
    // That was the last of three: the two wrong ones, and one that was worked for.
    assert_eq!(done.status, StatusCode::TOO_MANY_REQUESTS, "{}", done.body);
    let page = asked(&house, &mut browser).await;
    let done = browser.submit(&page, "confirm", &[("code", &phone.codes[0])]).await;
    assert!(done.has("account-deleted"), "a recovery code is a way on: {}", done.body);
}

#[tokio::test]
async fn recovery_codes_are_worked_for() {
    let (house, alice) = house().await;
    let phone = house.phone_of(&alice).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    let page = browser.get(&page.link("to-recovery")).await;
    let guessed = Guessed { form: "second", field: "code", besides: &[] };
    let wrong = ("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", FREE);
    let done = guessed.at(&mut browser, page, wrong, &phone.codes[0]).await;
    assert!(house.has_session(&browser).await, "{}", done.body);
}

/// Nobody guesses a link, so nothing is worked for; but each that is looked at costs a look.
#[tokio::test]
async fn links_are_not_looked_at_without_end() {
    let house = TestApp::with(|config| config.throttling.authorizations_per_address = 5).await;
    for path in ["/login/link", "/signup/link", "/verify-email", "/reset", "/undo-email"] {
        house.clock.advance(Duration::from_mins(1));
        let mut browser = house.browser();
        for number in 0..7 {
            let page = browser.get(&format!("{path}?token=hott_{number}")).await;
            let expected = if number < 5 { StatusCode::GONE } else { StatusCode::TOO_MANY_REQUESTS };
            assert_eq!(page.status, expected, "{path} {number}");
        }
    }
}

/// Sixteen questions of a stranger once put everybody behind that address on the dearest work.
#[tokio::test]
async fn asking_for_work_has_an_end_and_makes_nobody_elses_dearer() {
    let house = TestApp::with(|config| {
        config.throttling.guesses_before_work = 1;
        config.throttling.authorizations_per_address = 20;
    })
    .await;
    house.user(ALICE).await;
    for email in [ALICE, "nobody@example.com"] {
        house.clock.advance(Duration::from_mins(1));
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let page = browser.submit_once(&login, "login", &[("email", email), ("password", "not it")]).await;
        let ask = [("email", email), ("ask", "work")];
        for number in 0..23 {
            let mut another = house.browser();
            let login = another.get("/login").await;
            let told = another.submit_once(&login, "login", &ask).await;
            let expected = if number < 20 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
            assert_eq!(told.status, expected, "{email} {number}: {}", told.body);
            assert!(number >= 20 || told.body.contains("\"bits\":16"), "{email} {number}: {}", told.body);
        }
        let page = browser.submit_once(&page, "login", &[("email", email), ("password", "not it")]).await;
        assert_eq!((page.status, challenge(&page, "login").1), (StatusCode::FORBIDDEN, 16));
    }
}

#[tokio::test]
async fn nobody_works_twice_because_the_queue_was_full() {
    let house = TestApp::with(|config| {
        config.throttling.guesses_before_work = 1;
        config.accounts.hashing_queue = 4;
    })
    .await;
    house.user(ALICE).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = browser.submit_once(&login, "login", &[("email", ALICE), ("password", "not it")]).await;
    let (text, bits) = challenge(&page, "login");
    let solved = solution(&text, bits);
    let others = (0..9).map(|n: u8| Asker::new(&format!("p{n}@example.com"), [198, 51, n, 1].into()));
    let places: Vec<_> = others.filter_map(|other| house.hasher.reserve(&other).ok()).collect();
    assert_eq!(places.len(), 4);
    let filled = [("email", ALICE), ("password", PASSWORD), ("work", solved.as_str())];
    let page = browser.submit_once(&page, "login", &filled).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
    assert_eq!(page.form("login").field("work"), Some(solved.as_str()), "the form holds it still");
    drop(places);
    let page = browser.submit_once(&page, "login", &[("email", ALICE), ("password", PASSWORD)]).await;
    assert!(page.status.is_redirection(), "{}", page.body);
}

/// A link that is refused is looked at twice, and counts once.
#[tokio::test]
async fn an_answer_to_a_link_counts_once() {
    let house = TestApp::with(|config| config.throttling.authorizations_per_address = 6).await;
    let mut browser = house.browser();
    browser.get("/login").await;
    let csrf = house.csrf(&browser, "/reset/passkey").await;
    for number in 0..8 {
        let page = browser.post_once("/reset/passkey", &[("token", "hott_no"), ("csrf", &csrf)]).await;
        let expected = if number < 6 { StatusCode::GONE } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(page.status, expected, "{number}: {}", page.body);
    }
}
