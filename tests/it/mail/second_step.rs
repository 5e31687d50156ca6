//! A mailed code in the place of a second factor.

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::mail::MailPurpose;
use haechi::model::user::Role;
use haechi::store::Change;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, ask, ask_to_sign_in, code, decide};
use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;
use crate::support::work::Guessed;

/// A house in which everybody needs a second factor and a mailed code will do, and Kim, whose address is confirmed.
async fn house() -> (TestApp, User) {
    let house = mailbox::house(|_| ()).await;
    decide(&house, json!({ "second_factor": "required", "email_code": true, "email_sign_in": true })).await;
    house.first_party("app").await;
    let kim = house.user(EMAIL).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim.clone() })]).await;
    let kim = house.accounts.find(kim.id).await.unwrap().unwrap();
    (house, kim)
}

async fn after_password(browser: &mut Browser, login: &Page) -> Page {
    browser.submit(login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn a_mailed_code_lets_in_who_has_no_app_and_says_that_it_was_one_factor() {
    let (house, kim) = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let asked = after_password(&mut browser, &login).await;
    assert!(asked.has("second-step-add") && asked.has("by-mail"), "{}", asked.body);
    let page = browser.submit(&asked, "mail-code", &[]).await;
    assert!(page.has("second-step-mailed") && !house.has_session(&browser).await, "{}", page.body);
    let wrong = browser.submit(&page, "second", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = code(&house, MailPurpose::Code).await;
    let answer = browser.submit(&page, "second", &[("code", &right)]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!(claims["sub"], kim.id.to_string());
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp"]), &json!("urn:haechi:acr:1fa")));
    // The browser is not trusted by it.
    let again = browser.get(&Ask::of("app").with("prompt", "login").url()).await;
    assert!(after_password(&mut browser, &again).await.has("second-step-add"));
}

#[tokio::test]
async fn a_mailed_code_is_worked_for_after_wrong_ones() {
    let house = mailbox::house(|config| config.throttling.guesses_before_work = 2).await;
    decide(&house, json!({ "second_factor": "required", "email_code": true })).await;
    let kim = house.user(EMAIL).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim })]).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = after_password(&mut browser, &login).await;
    let page = browser.submit(&asked, "mail-code", &[]).await;
    let right = code(&house, MailPurpose::Code).await;
    let guessed = Guessed { form: "second", field: "code", besides: &[] };
    let done = guessed.at(&mut browser, page, ("000000", 2), &right).await;
    assert!(house.has_session(&browser).await, "{}", done.body);
}

/// An app that needs two factors is not told of two.
#[tokio::test]
async fn what_an_app_demands_a_mailed_code_does_not_meet() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let claims = json!({ "id_token": { "acr": { "essential": true, "value": "urn:haechi:acr:2fa" } } }).to_string();
    let login = browser.get(&Ask::of("app").with("claims", &claims).url()).await;
    let asked = after_password(&mut browser, &login).await;
    let page = browser.submit(&asked, "mail-code", &[]).await;
    let right = code(&house, MailPurpose::Code).await;
    let still = browser.submit(&page, "second", &[("code", &right)]).await;
    assert!(still.has("second-step-add") && !still.has("by-mail"), "an app is to be added: {}", still.body);
}

async fn offered(house: &TestApp) -> bool {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = after_password(&mut browser, &login).await;
    assert!(asked.has("second-step-add") || asked.has("second-step"), "{}", asked.body);
    asked.has("by-mail")
}

#[tokio::test]
async fn it_is_offered_only_where_it_may_be_and_never_to_who_administers_or_has_an_app() {
    let (house, kim) = house().await;
    assert!(offered(&house).await);
    decide(&house, json!({ "email_code": false })).await;
    assert!(!offered(&house).await, "the policy does not allow it");
    decide(&house, json!({ "email_code": true })).await;
    users::set_roles(&house.admin, &Authority::operator(), kim.id, vec![Role::Auditor]).await.unwrap();
    assert!(!offered(&house).await, "whoever administers has an app");
    users::set_roles(&house.admin, &Authority::operator(), kim.id, vec![]).await.unwrap();
    let stored = house.accounts.find(kim.id).await.unwrap().unwrap();
    house.commit(vec![Change::UpdateUser(User { email_verified: false, ..stored.clone() })]).await;
    assert!(!offered(&house).await, "nobody proved the address");
    let stored = house.accounts.find(kim.id).await.unwrap().unwrap();
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..stored })]).await;
    house.phone_of(&house.accounts.find(kim.id).await.unwrap().unwrap()).await;
    assert!(!offered(&house).await, "an app is not replaced by the mailbox");
}

/// The same channel is no second factor: neither after signing in by mail nor after setting a password by it.
#[tokio::test]
async fn it_is_not_offered_where_the_first_factor_was_mailed_too() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = ask_to_sign_in(&mut browser, &login, EMAIL).await;
    let typed = code(&house, MailPurpose::SignIn).await;
    let asked = browser.submit(&page, "code-form", &[("code", &typed)]).await;
    assert!(asked.has("second-step-add") && !asked.has("by-mail"), "{}", asked.body);
    // Asked for all the same.
    let login = asked.form("second").field("login").unwrap().to_owned();
    let csrf = house.csrf(&browser, "/second-step/mail").await;
    let sent = browser.post_once("/second-step/mail", &[("csrf", &csrf), ("login", &login)]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(house.mails_for(EMAIL, MailPurpose::Code).await.is_empty());
    let mut forgetful = house.browser();
    ask(&mut forgetful, EMAIL).await;
    let link = house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset");
    let page = forgetful.get(&link).await;
    let asked = forgetful.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert!(asked.has("second-step-add") && !asked.has("by-mail"), "{}", asked.body);
}

/// A session that rests on it is asked for a factor as soon as the policy does not allow it any more.
#[tokio::test]
async fn a_policy_that_allows_it_no_more_holds_for_sessions_of_before() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = after_password(&mut browser, &login).await;
    let page = browser.submit(&asked, "mail-code", &[]).await;
    let right = code(&house, MailPurpose::Code).await;
    let page = browser.submit(&page, "second", &[("code", &right)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    decide(&house, json!({ "email_code": false })).await;
    assert_eq!(browser.get("/account").await.url.path(), "/second-step");
    assert!(browser.get(&Ask::of("app").url()).await.has("second-step-add"));
}

/// A session of before the policy: the password was proved, so a mailed code lets it through, and is no more than that.
#[tokio::test]
async fn a_session_that_began_without_mail_is_let_through_by_a_code_where_the_policy_asks() {
    let (house, kim) = house().await;
    decide(&house, json!({ "second_factor": "offered" })).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    assert_eq!(after_password(&mut browser, &login).await.url.path(), "/account");
    decide(&house, json!({ "second_factor": "required" })).await;
    house.clock.advance(std::time::Duration::from_hours(2));
    let proof = browser.get("/account/profile").await;
    assert!(proof.has("step-up"), "something may be added there: {}", proof.body);
    let asked = browser.submit(&proof, "confirm", &[("current", PASSWORD)]).await;
    assert!(asked.has("second-step-add") && asked.has("by-mail"), "{}", asked.body);
    house.clock.advance(std::time::Duration::from_mins(9));
    let page = browser.submit(&asked, "mail-code", &[]).await;
    let right = code(&house, MailPurpose::Code).await;
    let back = browser.submit(&page, "second", &[("code", &right)]).await;
    assert_eq!(back.url.path(), "/account/profile", "{}", back.body);
    let answer = browser.get(&Ask::of("app").url()).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp"]), &json!("urn:haechi:acr:1fa")));
    // The password counts for a minute more, the code never did.
    house.clock.advance(std::time::Duration::from_mins(2));
    // It is no proof of the account: what changes a way in asks for one.
    let security = browser.get("/account/security").await;
    assert!(browser.submit(&security, "add-factor", &[("action", "add")]).await.has("step-up"));
    // An app that demands two factors is not told of two, and no code is mailed for it.
    let demand = json!({ "id_token": { "acr": { "essential": true, "value": "urn:haechi:acr:2fa" } } }).to_string();
    let proof = browser.get(&Ask::of("app").with("claims", &demand).url()).await;
    let demanded = browser.submit(&proof, "confirm", &[("current", PASSWORD)]).await;
    assert!(demanded.has("second-step-add") && !demanded.has("by-mail"), "{}", demanded.body);
    // Nor where the account has a factor by now.
    house.phone_of(&house.accounts.find(kim.id).await.unwrap().unwrap()).await;
    let mut other = house.browser();
    let login = other.get("/login").await;
    let asked = after_password(&mut other, &login).await;
    assert!(asked.has("second-step") && !asked.has("by-mail"), "{}", asked.body);
}

/// `amr` says `pwd` of a password that was set by a mailed link as of any other: the session remembers what it rests on.
#[tokio::test]
async fn a_session_that_rests_on_mail_is_not_let_through_by_mail() {
    let (house, _) = house().await;
    decide(&house, json!({ "second_factor": "offered" })).await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let link = house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset");
    let page = browser.get(&link).await;
    let page = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    decide(&house, json!({ "second_factor": "required" })).await;
    let asked = browser.get("/account/profile").await;
    assert!(asked.has("second-step-add") && !asked.has("by-mail"), "{}", asked.body);
    let login = asked.form("second").field("login").unwrap().to_owned();
    let csrf = house.csrf(&browser, "/second-step/mail").await;
    let sent = browser.post_once("/second-step/mail", &[("csrf", &csrf), ("login", &login)]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}

/// A passkey is a factor as well: no code is mailed in its place, asked for by hand or not.
#[tokio::test]
async fn who_has_a_passkey_is_mailed_no_code() {
    let (house, kim) = house().await;
    decide(&house, json!({ "second_factor": "offered" })).await;
    let mut device = Authenticator::new(ISSUER, "kim");
    house.signed_in(&kim).await.add_passkey(&mut device, "").await;
    decide(&house, json!({ "second_factor": "required" })).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = after_password(&mut browser, &login).await;
    assert!(asked.has("second-step") && asked.has("passkey") && !asked.has("by-mail"), "{}", asked.body);
    let login = asked.form("passkey").field("login").unwrap().to_owned();
    let csrf = house.csrf(&browser, "/second-step/mail").await;
    let sent = browser.post_once("/second-step/mail", &[("csrf", &csrf), ("login", &login)]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(house.mails_for(EMAIL, MailPurpose::Code).await.is_empty());
}
