//! Mail, and the ways in that rest on it.

mod address;
mod console;
mod notices;
mod outbox;
mod reset;
mod smtp;
mod verification;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

const EMAIL: &str = "kim@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";

/// Asks for a link to set a new password by, in a browser.
async fn ask(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/forgot").await;
    browser.submit(&page, "forgot", &[("email", email)]).await
}

/// Signs in by a password; whether that went well.
async fn signs_in(house: &TestApp, email: &str, password: &str) -> bool {
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    browser.submit(&page, "login", &[("email", email), ("password", password)]).await.url.path() == "/account"
}

/// A browser in which somebody signed up.
async fn signed_up(house: &TestApp, email: &str) -> Browser {
    let mut browser = house.browser();
    let page = browser.get("/signup").await;
    let page = browser.submit(&page, "signup", &[("email", email), ("password", PASSWORD), ("name", "Kim")]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    browser
}

async fn is_verified(house: &TestApp, email: &str) -> bool {
    let email = haechi::model::user::EmailAddress::parse(email).unwrap();
    house.stores.users.find_by_email(&email).await.unwrap().unwrap().email_verified
}
