//! Mail, and the ways in that rest on it.

mod address;
mod console;
mod doors;
mod injection;
mod invitation;
mod killed;
mod notices;
mod outbox;
mod reset;
mod second_step;
mod sign_in;
mod sign_up;
mod sign_up_again;
mod sign_up_elsewhere;
mod smtp;
mod verification;

use haechi::admin::Authority;
use haechi::admin::policy::{self, SignInResource};
use haechi::model::mail::MailPurpose;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

const EMAIL: &str = "kim@example.com";
const NEW_PASSWORD: &str = "a boat between two green hills";

/// Decides about signing in.
async fn decide(house: &TestApp, document: serde_json::Value) {
    let document: SignInResource = serde_json::from_value(document).unwrap();
    policy::set_sign_in(&house.admin, &Authority::operator(), (), &document).await.unwrap();
}

/// Asks for a mail to sign in by, in a browser, on its login page.
async fn ask_to_sign_in(browser: &mut Browser, login: &Page, email: &str) -> Page {
    browser.submit(login, "login", &[("email", email), ("password", ""), ("mail", "yes")]).await
}

/// The code in the newest mail for a purpose.
async fn code(house: &TestApp, purpose: MailPurpose) -> String {
    let letter = house.mails_for(EMAIL, purpose).await.remove(0);
    letter.code().unwrap_or_else(|| panic!("no code in {}", letter.text)).to_owned()
}

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
    house.user_of(email).await.email_verified
}
