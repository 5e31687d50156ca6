//! Signing in by a mailed link or code.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use haechi::admin::{Authority, users};
use haechi::identity::accounts::{Attempt, CodeRejected};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::MailPurpose;
use haechi::store::Change;
use serde_json::json;

use super::{EMAIL, ask_to_sign_in, code, decide, is_verified, signed_up, signs_in};
use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::factors::STEP;
use crate::support::mailbox;
use crate::support::work::Guessed;

/// A house in which people sign in by mail, and Kim, whose address is confirmed.
async fn house() -> (TestApp, User) {
    let house = mailbox::house(|config| config.throttling.mails_per_address = 1000).await;
    decide(&house, json!({ "email_sign_in": true })).await;
    house.first_party("app").await;
    let kim = house.user(EMAIL).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim.clone() })]).await;
    let kim = house.accounts.find(kim.id).await.unwrap().unwrap();
    (house, kim)
}

async fn link(house: &TestApp) -> String {
    house.mails_for(EMAIL, MailPurpose::SignIn).await[0].link("/login/link")
}

/// The page that waits for the code.
async fn waiting(browser: &mut Browser) -> Page {
    let login = browser.get("/login").await;
    let page = ask_to_sign_in(browser, &login, EMAIL).await;
    assert!(page.has("login-code"), "{}", page.body);
    page
}

#[tokio::test]
async fn a_link_in_the_browser_that_asked_goes_on_to_the_app_and_says_what_it_was() {
    let (house, kim) = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = ask_to_sign_in(&mut browser, &login, EMAIL).await;
    assert!(page.text("said").contains(EMAIL));
    let page = browser.get(&link(&house).await).await;
    assert!(page.text("whose").contains(EMAIL), "whose account it is is said before: {}", page.body);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let answer = browser.submit(&page, "use-link", &[]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!(claims["sub"], kim.id.to_string());
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["otp"]), &json!("urn:haechi:acr:1fa")));
    assert_eq!(house.audit(AuditKind::SignedIn).await[0].user, Some(kim.id));
}

#[tokio::test]
async fn a_code_is_typed_where_the_mail_is_read_on_another_device() {
    let (house, kim) = house().await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = ask_to_sign_in(&mut browser, &login, EMAIL).await;
    let code = code(&house, MailPurpose::SignIn).await;
    let spaced = format!(" {} {}", &code[..3], &code[3..]);
    let answer = browser.submit(&page, "code-form", &[("code", &spaced)]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!(claims["sub"], kim.id.to_string());
    // Both went together.
    let spent = browser.get(&link(&house).await).await;
    assert_eq!(spent.status, StatusCode::GONE);
    let form = page.form("code-form");
    let field = |name| form.field(name).unwrap();
    let again = [("csrf", field("csrf")), ("login", field("login")), ("code", code.as_str())];
    assert_eq!(browser.post_once("/login/code", &again).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_mailed_code_is_worked_for_after_wrong_ones() {
    let house = mailbox::house(|config| config.throttling.guesses_before_work = 2).await;
    decide(&house, json!({ "email_sign_in": true })).await;
    house.user(EMAIL).await;
    for email in [EMAIL, "nobody@example.com"] {
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let page = ask_to_sign_in(&mut browser, &login, email).await;
        let right = if email == EMAIL { code(&house, MailPurpose::SignIn).await } else { "111111".to_owned() };
        let guessed = Guessed { form: "code-form", field: "code", besides: &[] };
        let done = guessed.at(&mut browser, page, ("000000", 2), &right).await;
        // Of an address that nobody has, it asks alike.
        let status = if email == EMAIL { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!((done.status, house.has_session(&browser).await), (status, email == EMAIL), "{}", done.body);
    }
}

/// MAIL-011: mallory sends her own link to somebody, who opens it.
#[tokio::test]
async fn mail_011_in_another_browser_a_link_signs_nobody_in_and_says_what_to_do() {
    let (house, _) = house().await;
    let mut mallory = house.browser();
    let page = waiting(&mut mallory).await;
    let link = link(&house).await;
    let mut victim = house.browser();
    let opened = victim.get(&link).await;
    assert!(opened.has("other-browser") && !opened.has("use-link"), "{}", opened.body);
    assert!(opened.text("whose").contains(EMAIL) && opened.link("to-login").ends_with("/login"));
    // Sent all the same, it does nothing, and is as good as before where it belongs.
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let csrf = house.csrf(&victim, "/login/link").await;
    let sent = victim.post_once("/login/link", &[("csrf", &csrf), ("token", &token)]).await;
    assert!(sent.has("other-browser"), "{}", sent.body);
    assert!(!house.has_session(&victim).await);
    // Nor does her code, in a form of the victim's.
    let login = page.form("code-form").field("login").unwrap().to_owned();
    let csrf = house.csrf(&victim, "/login/code").await;
    let code = code(&house, MailPurpose::SignIn).await;
    let typed = victim.post_once("/login/code", &[("csrf", &csrf), ("login", &login), ("code", &code)]).await;
    assert_eq!(typed.status, StatusCode::GONE);
    assert!(!house.has_session(&victim).await);
    let page = mallory.get(&link).await;
    assert_eq!(mallory.submit(&page, "use-link", &[]).await.url.path(), "/account");
}

/// MAIL-009: programs that look into mail open every link, with whatever method.
#[tokio::test]
async fn mail_009_looking_uses_nothing_up_and_signs_nobody_in() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    waiting(&mut browser).await;
    let link = link(&house).await;
    for _ in 0..3 {
        let mut scanner = house.browser();
        scanner.send(Method::HEAD, &link, &[], None).await;
        scanner.get(&link).await;
        assert!(!house.has_session(&scanner).await);
    }
    assert!(!house.has_session(&browser).await, "nor does the browser's own look");
    let page = browser.get(&link).await;
    assert!(page.has("use-link") && !house.has_session(&browser).await);
    assert_eq!(browser.submit(&page, "use-link", &[]).await.url.path(), "/account");
}

#[tokio::test]
async fn five_wrong_codes_end_the_link_too_and_the_sixth_is_not_looked_at() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let page = waiting(&mut browser).await;
    let right = code(&house, MailPurpose::SignIn).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for n in 1..=4 {
        let again = browser.submit(&page, "code-form", &[("code", wrong)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}: {}", again.body);
        assert!(again.has("code-problem"));
    }
    // What is no code is no try.
    let typo = browser.submit(&page, "code-form", &[("code", "12345")]).await;
    assert_eq!(typo.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.submit(&page, "code-form", &[("code", wrong)]).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&page, "code-form", &[("code", &right)]).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&link(&house).await).await.status, StatusCode::GONE, "both are over");
    assert_eq!(house.audit(AuditKind::SignInFailed).await.len(), 5);
}

#[tokio::test]
async fn the_newest_counts_for_ten_minutes_and_no_other() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let page = waiting(&mut browser).await;
    let (old_link, old_code) = (link(&house).await, code(&house, MailPurpose::SignIn).await);
    house.clock.advance(Duration::from_secs(1));
    let newer = browser.submit(&page, "again", &[]).await;
    assert!(newer.has("login-code"), "{}", newer.body);
    assert_eq!(browser.get(&old_link).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&page, "code-form", &[("code", &old_code)]).await.status, StatusCode::GONE);
    house.clock.advance(Duration::from_secs(599));
    assert!(browser.get(&link(&house).await).await.has("use-link"));
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.get(&link(&house).await).await.status, StatusCode::GONE);
    let late = browser.get(newer.url.as_str()).await;
    assert!(late.has("code-spent") && late.status == StatusCode::GONE);
}

/// Of many who present what was mailed at once, with the link or the code, one is signed in.
#[tokio::test]
async fn a_mail_that_a_hundred_present_at_once_signs_one_in() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let page = waiting(&mut browser).await;
    let code = code(&house, MailPurpose::SignIn).await;
    let id: haechi::support::id::OneTimeTokenId = page.form("code-form").field("login").unwrap().parse().unwrap();
    let key = *browser.visitor().browser.bytes();
    let mut tries = Vec::new();
    for n in 0..100_u8 {
        let (accounts, code) = (house.accounts.clone(), code.clone());
        tries.push(tokio::spawn(async move {
            let (origin, login) = (from([203, 0, 113, n]), format!("login {n}"));
            let attempt = Attempt { typed: &code, login: &login, from: &origin };
            accounts.sign_in_by_code(id, (&key, &attempt), &[]).await
        }));
    }
    let mut won = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => won += 1,
            Err(CodeRejected::Spent | CodeRejected::Throttled { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 1);
}

/// However many are guessed at at once, five are looked at.
#[tokio::test]
async fn no_more_codes_are_looked_at_than_may_be_however_many_come_at_once() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let page = waiting(&mut browser).await;
    let right = code(&house, MailPurpose::SignIn).await;
    let id: haechi::support::id::OneTimeTokenId = page.form("code-form").field("login").unwrap().parse().unwrap();
    let key = *browser.visitor().browser.bytes();
    let mut tries = Vec::new();
    for n in 0..60_u32 {
        let accounts = house.accounts.clone();
        let guess = format!("{:06}", (right.parse::<u32>().unwrap() + 1 + n) % 1_000_000);
        tries.push(tokio::spawn(async move {
            let (origin, login) = (from([203, 0, 113, u8::try_from(n).unwrap()]), "one".to_owned());
            let attempt = Attempt { typed: &guess, login: &login, from: &origin };
            accounts.sign_in_by_code(id, (&key, &attempt), &[]).await.map(drop)
        }));
    }
    for one in tries {
        assert!(one.await.unwrap().is_err());
    }
    let failed = house.audit(AuditKind::SignInFailed).await.len();
    assert!(failed <= 5, "{failed} were looked at");
}

/// MAIL-006: what is mailed is one factor, and what else is needed is asked for as ever.
#[tokio::test]
async fn mail_006_a_second_factor_is_asked_for_as_after_a_password() {
    let (house, kim) = house().await;
    let phone = house.phone_of(&kim).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    ask_to_sign_in(&mut browser, &login, EMAIL).await;
    let page = browser.get(&link(&house).await).await;
    let asked = browser.submit(&page, "use-link", &[]).await;
    assert!(asked.has("second-step") && !asked.has("by-mail"), "{}", asked.body);
    assert!(!house.has_session(&browser).await);
    house.clock.advance(STEP);
    let answer = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["otp", "mfa"]), &json!("urn:haechi:acr:2fa")));
}

/// What somebody prepared with an address that was not theirs goes as its owner signs in by mail.
#[tokio::test]
async fn whoever_proves_an_address_by_it_ends_what_another_prepared() {
    let (house, _) = house().await;
    let email = "lee@example.com";
    let mut mallory = signed_up(&house, email).await;
    let lee = house.user_of(email).await;
    house.phone_of(&lee).await;
    let mut owner = house.browser();
    let login = owner.get("/login").await;
    ask_to_sign_in(&mut owner, &login, email).await;
    let letter = house.mails_for(email, MailPurpose::SignIn).await.remove(0);
    let page = owner.get(&letter.link("/login/link")).await;
    let page = owner.submit(&page, "use-link", &[]).await;
    assert!(page.has("prepared-ended"), "she is told: {}", page.body);
    assert_eq!(owner.get(&page.link("go-on")).await.url.path(), "/account");
    assert!(is_verified(&house, email).await);
    let told = house.mails_for(email, MailPurpose::Notice).await;
    assert!(told.iter().any(|letter| letter.subject.contains("had before has ended")), "{told:?}");
    assert_eq!(mallory.get("/account").await.url.path(), "/login");
    assert!(!signs_in(&house, email, PASSWORD).await, "nor does her password");
    assert!(!house.accounts.factors(lee.id).await.unwrap().any());
}

#[tokio::test]
async fn whoever_is_signed_in_to_the_account_there_loses_nothing_by_it() {
    let (house, _) = house().await;
    let email = "lee@example.com";
    let mut browser = signed_up(&house, email).await;
    // An app wants them to sign in again.
    let login = browser.get(&Ask::of("app").with("prompt", "login").url()).await;
    ask_to_sign_in(&mut browser, &login, email).await;
    let letter = house.mails_for(email, MailPurpose::SignIn).await.remove(0);
    let page = browser.get(&letter.link("/login/link")).await;
    assert!(browser.submit(&page, "use-link", &[]).await.answer().contains_key("code"));
    assert!(is_verified(&house, email).await && signs_in(&house, email, PASSWORD).await);
}

/// Disabled means disabled: the account, the way, the mail.
#[tokio::test]
async fn what_was_mailed_does_nothing_once_the_account_or_the_way_is_switched_off() {
    let (house, kim) = house().await;
    let mut browser = house.browser();
    let page = waiting(&mut browser).await;
    let (link, typed) = (link(&house).await, code(&house, MailPurpose::SignIn).await);
    let opened = browser.get(&link).await;
    users::set_enabled(&house.admin, &Authority::operator(), kim.id, false).await.unwrap();
    assert_eq!(browser.submit(&opened, "use-link", &[]).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&page, "code-form", &[("code", &typed)]).await.status, StatusCode::GONE);
    users::set_enabled(&house.admin, &Authority::operator(), kim.id, true).await.unwrap();
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE, "it ended with everything else");
    house.clock.advance(Duration::from_secs(1));
    let page = waiting(&mut browser).await;
    let (link, typed) = (self::link(&house).await, code(&house, MailPurpose::SignIn).await);
    let opened = browser.get(&link).await;
    decide(&house, json!({ "email_sign_in": false })).await;
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&opened, "use-link", &[]).await.status, StatusCode::GONE);
    assert_eq!(browser.submit(&page, "code-form", &[("code", &typed)]).await.status, StatusCode::GONE);
    let login = browser.get("/login").await;
    assert!(!login.has("by-mail"));
    assert_eq!(ask_to_sign_in(&mut browser, &login, EMAIL).await.status, StatusCode::FORBIDDEN);
    assert!(!house.has_session(&browser).await);
}

#[tokio::test]
async fn where_no_mail_leaves_nobody_can_decide_or_ask_for_it() {
    let house = TestApp::new().await;
    house.user(EMAIL).await;
    let document = serde_json::from_value(json!({ "email_sign_in": true })).unwrap();
    let decided = haechi::admin::policy::set_sign_in(&house.admin, &Authority::operator(), (), &document).await;
    assert!(decided.is_err());
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    assert!(!login.has("by-mail"));
    assert_eq!(ask_to_sign_in(&mut browser, &login, EMAIL).await.status, StatusCode::FORBIDDEN);
    assert!(house.outbox().await.is_empty());
}

#[tokio::test]
async fn without_passwords_the_page_asks_for_the_address_alone() {
    let (house, _) = house().await;
    // An owner has another way in.
    let owner = house.administrator("owner@example.com").await;
    let mut device = crate::support::authenticator::Authenticator::new(house.issuer(), "owner");
    house.signed_in(&owner).await.add_passkey(&mut device, "").await;
    decide(&house, json!({ "password_sign_in": false })).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    assert!(login.has("by-mail") && !login.has("password") && !login.has("no-passwords"), "{}", login.body);
    let page = browser.submit(&login, "login", &[("email", EMAIL), ("mail", "yes")]).await;
    let page = browser.submit(&page, "code-form", &[("code", &code(&house, MailPurpose::SignIn).await)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let wrong = house.browser();
    let mut wrong = wrong;
    let login = wrong.get("/login").await;
    let page = wrong.submit(&login, "login", &[("email", "kim"), ("mail", "yes")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("problem") && page.has("by-mail"));
}

/// An administrator whose address nobody confirmed would lose their other ways in: they get no mail.
#[tokio::test]
async fn who_administers_confirms_the_address_first() {
    let (house, _) = house().await;
    let owner = house.administrator("owner@example.com").await;
    assert!(!owner.email_verified);
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let page = ask_to_sign_in(&mut browser, &login, "owner@example.com").await;
    assert!(page.has("login-code"));
    assert!(house.mails_for("owner@example.com", MailPurpose::SignIn).await.is_empty());
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..owner })]).await;
    let login = browser.get("/login").await;
    ask_to_sign_in(&mut browser, &login, "owner@example.com").await;
    assert_eq!(house.mails_for("owner@example.com", MailPurpose::SignIn).await.len(), 1);
}
