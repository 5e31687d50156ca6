//! What people write of themselves, in what others are mailed.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use scraper::{Html, Selector};
use serde_json::json;

use super::{EMAIL, ask, decide};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;

const NEW: &str = "kim@new.example";
const VICTIM: &str = "victim@example.com";
const NAME: &str = "<a href=//evil.example>Click</a> https://evil.example [x](//evil.example) {{7*7}}\"'>";

async fn sign_up(browser: &mut Browser, email: &str, name: &str) -> Page {
    let page = browser.get("/signup?another=yes").await;
    browser.submit(&page, "signup", &[("email", email), ("password", PASSWORD), ("name", name)]).await
}

/// Has every mail sent that somebody else gets because of an account with this name, or because of who makes one.
async fn everything_mailed(house: &TestApp) {
    decide(house, json!({ "email_verification": "when_asked_for", "email_sign_in": true })).await;
    let mut browser = house.browser();
    assert_eq!(sign_up(&mut browser, EMAIL, NAME).await.url.path(), "/account");
    assert_eq!(house.user_of(EMAIL).await.name(), Some(NAME));
    let page = browser.get("/account/security").await;
    browser.submit(&page, "account-email", &[("email", NEW)]).await;
    ask(&mut house.browser(), EMAIL).await;
    let login = house.browser().get("/login").await;
    super::ask_to_sign_in(&mut house.browser(), &login, EMAIL).await;
    let invited = serde_json::from_value(json!({ "email": VICTIM, "name": NAME })).unwrap();
    users::invite(&house.admin, &Authority::operator(), invited).await.unwrap();
    decide(house, json!({ "email_verification": "before_login" })).await;
    for email in [EMAIL, "lee@example.com"] {
        assert_eq!(sign_up(&mut house.browser(), email, NAME).await.url.path(), "/signup/code");
    }
}

/// MAIL-015: a name is neither markup nor a link in any mail: there is none in it. What is clicked on leads here.
#[tokio::test]
async fn mail_015_what_somebody_calls_themselves_is_in_no_mail_to_others() {
    let house = mailbox::house(|config| config.throttling.mails_per_account = 100).await;
    everything_mailed(&house).await;
    let mut purposes = BTreeSet::new();
    for email in [EMAIL, NEW, VICTIM, "lee@example.com"] {
        let letters = house.mailbox(email).await;
        assert!(!letters.is_empty(), "{email}");
        for letter in letters {
            purposes.insert(letter.purpose.as_str());
            for part in [&letter.subject, &letter.text, &letter.html] {
                assert!(!part.contains("evil.example") && !part.contains("Click"), "{part}");
            }
            let html = Html::parse_document(&letter.html);
            for name in ["href", "src", "action"] {
                for element in html.select(&Selector::parse(&format!("[{name}]")).unwrap()) {
                    let leads = element.attr(name).unwrap();
                    assert!(leads.starts_with(house.issuer()), "{:?}: {leads}", letter.purpose);
                }
            }
        }
    }
    let mailed = ["invitation", "new_address", "reset_password", "sign_up", "verify_address"];
    assert!(mailed.iter().all(|purpose| purposes.contains(purpose)), "{purposes:?}");
}

/// "Names length-capped", whoever gives them.
#[tokio::test]
async fn mail_015_a_name_is_one_short_line() {
    let house = mailbox::house(|_| ()).await;
    let long = "x".repeat(101);
    let refused = sign_up(&mut house.browser(), EMAIL, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    for name in [long.as_str(), "two\nlines"] {
        let invited = serde_json::from_value(json!({ "email": VICTIM, "name": name })).unwrap();
        assert!(users::invite(&house.admin, &Authority::operator(), invited).await.is_err(), "{name:?}");
    }
    assert!(house.mailbox(VICTIM).await.is_empty() && house.mailbox(EMAIL).await.is_empty());
}
