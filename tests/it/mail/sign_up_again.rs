//! Another mail for a sign-up that waits: it takes the place of the one before, floods nobody, and says nothing of accounts.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::SignUp;
use serde_json::json;

use super::doors::{WHOEVER, masked, watched};
use super::sign_up::{DOORS, Door, house, link};
use super::{EMAIL, code, decide};
use crate::support::app::{ISSUER, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;

const SECOND: Duration = Duration::from_secs(1);

/// Asks for another mail, on the page that waits for the code.
async fn again(browser: &mut Browser, waiting: &Page) -> Page {
    browser.submit(waiting, "again", &[]).await
}

/// Whether the page waits for a code, with nothing to complain of.
fn waits(page: &Page) -> bool {
    page.status == StatusCode::OK && page.has("code-form") && !page.has("problem")
}

/// A code that is not this one.
fn other_than(right: &str) -> &'static str {
    if right == "000000" { "111111" } else { "000000" }
}

async fn mails(house: &TestApp) -> usize {
    house.mails_for(EMAIL, MailPurpose::SignUp).await.len()
}

#[tokio::test]
async fn another_mail_takes_the_place_of_the_one_before_and_leads_on_to_the_app() {
    for door in DOORS {
        let house = house().await;
        let (mut browser, mut device) = (house.browser(), Authenticator::new(ISSUER, "kim"));
        let login = browser.get(&Ask::of("app").url()).await;
        let page = browser.get(&login.link("to-signup")).await;
        let sent = door.send(&mut browser, &page, (EMAIL, &mut device)).await;
        let waiting = browser.follow(sent).await;
        let (old_link, old_code) = (link(&house).await, code(&house, MailPurpose::SignUp).await);
        house.clock.advance(SECOND);
        let newer = again(&mut browser, &waiting).await;
        assert!(waits(&newer) && newer.url == waiting.url, "{door:?}: {}", newer.body);
        assert_eq!(mails(&house).await, 2, "{door:?}");
        assert_eq!(browser.get(&old_link).await.status, StatusCode::GONE, "{door:?}");
        let old = browser.submit(&newer, "code-form", &[("code", &old_code)]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "{door:?}: {}", old.body);
        let page = browser.get(&link(&house).await).await;
        let answer = browser.submit(&page, "use-link", &[]).await.answer();
        let (_, claims) = house.id_token("app", &answer["code"]).await;
        let kim = house.user_of(EMAIL).await;
        assert_eq!(claims["sub"], kim.id.to_string(), "{door:?}");
        assert!(kim.email_verified && kim.name() == Some("Kim"), "what was typed at first counts: {kim:?}");
        assert!(door.signs_in(&house, &mut device).await, "{door:?}");
    }
}

#[tokio::test]
async fn another_mail_works_for_an_hour_and_what_is_over_is_not_mailed_again() {
    let house = house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    house.clock.advance(Duration::from_mins(59));
    assert!(waits(&again(&mut browser, &waiting).await));
    let right = code(&house, MailPurpose::SignUp).await;
    house.clock.advance(Duration::from_mins(59));
    assert!(waits(&browser.get(waiting.url.as_str()).await));
    house.clock.advance(Duration::from_mins(2));
    let (late, asked) = (again(&mut browser, &waiting).await, house.outbox().await.len());
    assert_eq!((late.status, asked), (StatusCode::GONE, 2), "{}", late.body);
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    let typed = browser.submit(&waiting, "code-form", &[("code", &right)]).await;
    assert_eq!(typed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", typed.body);
    let right = code(&house, MailPurpose::SignUp).await;
    let done = browser.submit(&waiting, "code-form", &[("code", &right)]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
    let used = again(&mut browser, &waiting).await;
    assert_eq!(used.status, StatusCode::GONE, "{}", used.body);
}

/// It is the browser's in which somebody signed up, and is held to what is decided meanwhile.
#[tokio::test]
async fn nothing_is_mailed_again_from_another_browser_or_where_nobody_signs_up_any_more() {
    let house = house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    let login = waiting.form("again").field("login").unwrap().to_owned();
    let mut other = house.browser();
    other.get("/signup").await;
    let csrf = house.csrf(&other, "/signup/code").await;
    let elsewhere = other.post_once("/signup/code", &[("csrf", &csrf), ("login", &login), ("mail", "yes")]).await;
    assert_eq!(elsewhere.status, StatusCode::GONE, "{}", elsewhere.body);
    for decided in [SignUp::Closed, SignUp::Domains(["corp.example".to_owned()].into())] {
        house.decide_sign_in(|policy| policy.sign_up = decided.clone()).await;
        assert_eq!(again(&mut browser, &waiting).await.status, StatusCode::GONE, "{decided:?}");
    }
    house.decide_sign_in(|policy| policy.sign_up = SignUp::Open).await;
    assert_eq!(mails(&house).await, 1);
    let right = code(&house, MailPurpose::SignUp).await;
    let done = browser.submit(&waiting, "code-form", &[("code", &right)]).await;
    assert_eq!(done.url.path(), "/account", "the mail that there was is as good as before: {}", done.body);
}

/// MAIL-008: five mails an hour, however often somebody asks; whoever asked too often has the code of the newest still.
#[tokio::test]
async fn mail_008_whoever_asks_again_and_again_is_mailed_five_times_and_keeps_the_newest_code() {
    let house = house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    for n in 0..10 {
        house.clock.advance(SECOND);
        let page = again(&mut browser, &waiting).await;
        assert!(waits(&page), "{n}: {}", page.body);
    }
    assert_eq!(mails(&house).await, 5);
    let right = code(&house, MailPurpose::SignUp).await;
    let done = browser.submit(&waiting, "code-form", &[("code", &right)]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
}

/// A code may be typed wrongly five times, and asking for a mail that is not sent gives no more of them.
#[tokio::test]
async fn a_mail_that_is_not_sent_gives_no_more_tries() {
    let house = mailbox::house(|config| config.throttling.mails_per_account = 1).await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    let wrong = other_than(&code(&house, MailPurpose::SignUp).await);
    for n in 1..=5 {
        assert!(waits(&again(&mut browser, &waiting).await), "{n}");
        let refused = browser.submit_once(&waiting, "code-form", &[("code", wrong)]).await;
        let status = if n < 5 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::GONE };
        assert_eq!(refused.status, status, "{n}: {}", refused.body);
    }
    assert_eq!(again(&mut browser, &waiting).await.status, StatusCode::GONE);
    assert_eq!(mails(&house).await, 1);
}

/// A network that asks too often, whatever for, is told when to come back, and what it waits for still counts.
#[tokio::test]
async fn a_network_that_asks_too_often_is_told_when_to_come_back() {
    let house = mailbox::house(|config| config.throttling.mails_per_address = 2).await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    house.clock.advance(SECOND);
    assert!(waits(&again(&mut browser, &waiting).await));
    let refused = again(&mut browser, &waiting).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.body);
    assert!(refused.has("problem") && refused.header("retry-after").is_some(), "{}", refused.body);
    assert_eq!(mails(&house).await, 2);
    let right = code(&house, MailPurpose::SignUp).await;
    let done = browser.submit(&refused, "code-form", &[("code", &right)]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
}

/// ENUM-001 and ENUM-002: the same answer to the letter, after the same statements in the same commit, whoever has the address; also once it is mailed no more.
#[tokio::test]
async fn enum_001_whoever_asks_again_hears_the_same_after_the_same_work_whoever_has_the_address() {
    let (house, asked) = watched().await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    for door in DOORS {
        let (mut answers, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for &email in WHOEVER {
            let mut browser = house.browser();
            let (waiting, _) = door.waiting(&mut browser, email).await;
            for _ in 0..7 {
                let spent = house.hasher.spent();
                asked.take();
                let sent = browser.submit_once(&waiting, "again", &[]).await;
                seen.insert((asked.take(), house.hasher.spent() - spent));
                let names: BTreeSet<_> = sent.headers.keys().map(|name| name.as_str().to_owned()).collect();
                let page = browser.follow(sent).await;
                answers.insert((names, page.url == waiting.url, page.status.as_u16(), masked(&page, email)));
            }
        }
        assert_eq!(answers.len(), 1, "{door:?}: {answers:#?}");
        assert!(answers.first().unwrap().1, "{door:?}");
        assert_eq!(seen.len(), 1, "{door:?}: {seen:#?}");
        let (steps, _) = seen.first().unwrap();
        let all = |step: &String| ["RenewOneTimeToken", "PutAskedMail"].iter().all(|name| step.contains(name));
        assert!(steps.iter().any(all), "{door:?}: {steps:?}");
    }
    house.send_mail().await;
    let sent = house.outbox().await.into_iter().filter(|mail| mail.purpose == MailPurpose::SignUp);
    let to: Vec<String> = sent.map(|mail| mail.to.to_string()).collect();
    for (email, mails) in [(EMAIL, 5), ("off@example.com", 0), ("nobody@example.com", 5)] {
        assert_eq!(to.iter().filter(|one| *one == email).count(), mails, "{email}: {to:?}");
    }
    let letters = house.mails_for(EMAIL, MailPurpose::SignUp).await;
    let told = letters.iter().all(|letter| letter.subject.contains("you have an account already"));
    assert!(told && letters.iter().all(|letter| !letter.text.contains("/signup/")), "{letters:?}");
}

/// Of many who press the button at once, in the same browser, one mail is made, and its code is the one that counts.
#[tokio::test]
async fn of_many_who_ask_at_once_each_goes_on_and_the_newest_mail_counts() {
    let house = house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    house.clock.advance(SECOND);
    let presses = (0..4).map(|_| {
        let (mut browser, waiting) = (browser.clone(), &waiting);
        async move { browser.submit_once(waiting, "again", &[]).await.status.is_redirection() }
    });
    assert!(futures_util::future::join_all(presses).await.into_iter().all(|went_on| went_on));
    let letters = house.mails_for(EMAIL, MailPurpose::SignUp).await;
    let mut good = 0;
    for letter in &letters {
        good += usize::from(browser.get(&letter.link("/signup/link")).await.status == StatusCode::OK);
    }
    assert!(letters.len() >= 2 && good == 1, "{good} of {}", letters.len());
}
