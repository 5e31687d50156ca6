//! ENUM-005: guesses at a second factor, by who knows the password, begin anew with nothing: no mail, no other factor, no other login.

use axum::http::StatusCode;
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::FactorPolicy;
use haechi::store::Change;

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::factors::STEP;
use crate::support::mailbox;

const ALICE: &str = "alice@example.com";
/// What is looked at within the window of passwords, of whatever kind.
const PER_WINDOW: usize = 5;
/// A recovery code that nobody has.
const NO_CODE: &str = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA";

/// What follows the right password, in a browser that was never here.
async fn begun(house: &TestApp) -> (Browser, Page) {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    (browser, page)
}

/// A house in which a mailed code will do, and Alice, who has no app.
async fn mailing() -> TestApp {
    let house = mailbox::house(|config| {
        config.throttling.mails_per_account = 1000;
        config.throttling.mails_per_address = 1000;
    })
    .await;
    house
        .decide_sign_in(|policy| {
            policy.second_factor = FactorPolicy::Required;
            policy.mailed_codes = true;
        })
        .await;
    let alice = house.user(ALICE).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..alice })]).await;
    house
}

/// The newest code.
async fn mailed(house: &TestApp) -> String {
    house.mails_for(ALICE, MailPurpose::Code).await[0].code().unwrap().to_owned()
}

/// Each guess at a code of its own: in a new login, or after the mail was sent again in the same one.
#[tokio::test]
async fn enum_005_a_code_that_is_mailed_anew_brings_no_new_guesses() {
    for in_one_login in [false, true] {
        let house = mailing().await;
        let (mut mallory, asked) = begun(&house).await;
        let mut page = mallory.submit(&asked, "mail-code", &[]).await;
        for number in 0..PER_WINDOW {
            assert!(page.has("second-step-mailed"), "{number}: {}", page.body);
            let wrong = mallory.submit(&page, "second", &[("code", "000000")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}: {}", wrong.body);
            house.tick();
            page = if in_one_login {
                mallory.submit(&wrong, "again", &[]).await
            } else {
                let (browser, asked) = begun(&house).await;
                mallory = browser;
                mallory.submit(&asked, "mail-code", &[]).await
            };
        }
        let right = mailed(&house).await;
        let refused = mallory.submit(&page, "second", &[("code", &right)]).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{in_one_login}: {}", refused.body);
        assert!(!house.has_session(&mallory).await);
    }
}

/// Of the codes of an app, and then of the recovery codes, and back: what is used up of one comes back with no other.
#[tokio::test]
async fn enum_005_another_factor_brings_no_new_guesses_at_the_first() {
    let house = TestApp::new().await;
    let alice = house.user(ALICE).await;
    let phone = house.phone_of(&alice).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(guess(&house, "000000").await);
    }
    assert_eq!(guess(&house, &phone.code(&house)).await, StatusCode::TOO_MANY_REQUESTS, "{seen:?}");
    for _ in 0..PER_WINDOW {
        seen.push(guess(&house, NO_CODE).await);
    }
    assert_eq!(seen, [StatusCode::UNPROCESSABLE_ENTITY; 3 + PER_WINDOW]);
    assert_eq!(guess(&house, &phone.codes[0]).await, StatusCode::TOO_MANY_REQUESTS);
    house.clock.advance(STEP);
    assert_eq!(guess(&house, &phone.code(&house)).await, StatusCode::TOO_MANY_REQUESTS);
    // Neither is mailed to who has an app.
    let (mut mallory, page) = begun(&house).await;
    let login = page.form("second").field("login").unwrap().to_owned();
    let csrf = house.csrf(&mallory, "/second-step/mail").await;
    let sent = mallory.post_once("/second-step/mail", &[("csrf", &csrf), ("login", &login)]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN, "{}", sent.body);
}

/// One guess, in a browser and a login of its own, on the page for codes of this kind.
async fn guess(house: &TestApp, code: &str) -> StatusCode {
    let (mut browser, page) = begun(house).await;
    assert!(page.has("second-step"), "{}", page.body);
    let page = if code.contains('-') { browser.get(&page.link("to-recovery")).await } else { page };
    let answer = browser.submit(&page, "second", &[("code", code)]).await;
    assert!(!house.has_session(&browser).await);
    answer.status
}

/// All together, in one login.
#[tokio::test]
async fn enum_005_guesses_at_once_at_a_mailed_code_are_no_more() {
    let house = mailing().await;
    let (mut mallory, asked) = begun(&house).await;
    let page = mallory.submit(&asked, "mail-code", &[]).await;
    let right = mailed(&house).await;
    let guesses = (0..40_u32).map(|number| {
        let (mut browser, page) = (mallory.clone(), &page);
        let code = format!("{:06}", number * 7919);
        async move { browser.submit(page, "second", &[("code", &code)]).await.status }
    });
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert!(looked_at <= PER_WINDOW, "{answers:?}");
    let late = mallory.submit(&page, "second", &[("code", &right)]).await;
    assert!(late.status.is_client_error() && !house.has_session(&mallory).await, "{}", late.body);
}
