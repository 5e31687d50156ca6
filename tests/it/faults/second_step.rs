//! The store of sessions goes away between a code that is used up and the session that it leads to: two stores, and so no one step.

use std::sync::Arc;

use axum::http::StatusCode;
use haechi::outgoing::SystemLookup;

use crate::support::app::TestApp;
use crate::support::between::{Before, Between};
use crate::support::browser::{Browser, Page};
use crate::support::factors::{Phone, STEP};

const ALICE: &str = "alice@example.com";

/// A house, a node of it whose store may go away for a moment, and Alice who has a phone.
async fn house() -> (TestApp, TestApp, Between, Phone) {
    let house = TestApp::new().await;
    let alice = house.user(ALICE).await;
    let phone = house.phone_of(&alice).await;
    let between = Between::default();
    let node = house.node_with(&between, Arc::new(SystemLookup)).await;
    (house, node, between, phone)
}

async fn at_the_second_step(node: &TestApp, browser: &mut Browser) -> Page {
    let login = browser.get("/login").await;
    let page = node.password_in(browser, &login, ALICE).await;
    assert!(page.has("second-step"), "{}", page.body);
    page
}

#[tokio::test]
async fn mfa_002_a_code_whose_session_got_lost_lets_nobody_in_and_the_next_one_does() {
    let (house, node, between, phone) = house().await;
    let mut browser = node.browser();
    let page = at_the_second_step(&node, &mut browser).await;
    let code = phone.code(&house);
    between.put(Before::LosingASession, async {});
    let lost = browser.submit_once(&page, "second", &[("code", &code)]).await;
    assert!(between.came());
    assert_eq!(lost.status, StatusCode::SERVICE_UNAVAILABLE, "{}", lost.body);
    assert!(!node.has_session(&browser).await);
    // The login was taken, too: it begins anew, and the code is used up there as well.
    let again = browser.submit_once(&page, "second", &[("code", &code)]).await;
    assert!(again.status.is_client_error() && !node.has_session(&browser).await, "{}", again.body);
    let page = at_the_second_step(&node, &mut browser).await;
    let refused = browser.submit_once(&page, "second", &[("code", &code)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    house.clock.advance(STEP);
    let account = browser.submit(&page, "second", &[("code", &phone.code(&house))]).await;
    assert!(account.has("account-name"), "{}", account.body);
}

/// Nor is a recovery code good twice: another one of the ten is.
#[tokio::test]
async fn mfa_002_a_recovery_code_whose_session_got_lost_is_gone_and_another_one_lets_in() {
    let (_house, node, between, phone) = house().await;
    let mut browser = node.browser();
    let page = at_the_second_step(&node, &mut browser).await;
    between.put(Before::LosingASession, async {});
    let lost = browser.submit_once(&page, "second", &[("code", &phone.codes[0])]).await;
    assert_eq!(lost.status, StatusCode::SERVICE_UNAVAILABLE, "{}", lost.body);
    for (code, lets_in) in [(&phone.codes[0], false), (&phone.codes[1], true)] {
        let page = at_the_second_step(&node, &mut browser).await;
        browser.submit(&page, "second", &[("code", code)]).await;
        assert_eq!(node.has_session(&browser).await, lets_in, "{code}");
    }
}
