//! Every way to have mail sent that a stranger finds: who has an account shows in nothing, and nobody is flooded.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use haechi::admin::{Authority, users};
use haechi::model::epoch::ConnectionEpoch;
use haechi::model::mail::MailPurpose;
use haechi::model::session::EndMarks;
use haechi::model::user::{EmailAddress, PasswordCredential, User};
use haechi::store::{Change, Page as StorePage, SignInStatus, StoreResult, UnitOfWork, UserQuery, UserStore};
use haechi::support::id::UserId;
use serde_json::json;

use super::{EMAIL, ask, ask_to_sign_in, decide, signs_in};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;
use crate::support::mailbox::house;

/// What is asked of the store, in order.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

struct Units(Arc<dyn UnitOfWork>, Asked);

#[async_trait]
impl UnitOfWork for Units {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        let name = |change: &Change| {
            let text = format!("{change:?}");
            text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
        };
        self.1.note(format!("commit {}", changes.iter().map(name).collect::<Vec<_>>().join(" ")));
        self.0.commit(changes).await
    }
}

struct Users(Arc<dyn UserStore>, Asked);

#[async_trait]
impl UserStore for Users {
    async fn find(&self, id: UserId) -> StoreResult<Option<User>> {
        self.1.note("account");
        self.0.find(id).await
    }

    async fn find_by_email(&self, email: &EmailAddress) -> StoreResult<Option<User>> {
        self.1.note("address");
        self.0.find_by_email(email).await
    }

    async fn password(&self, id: UserId) -> StoreResult<Option<PasswordCredential>> {
        self.1.note("password");
        self.0.password(id).await
    }

    async fn sign_in_status(
        &self,
        user: UserId,
        sign_in: EndMarks,
        through: Option<ConnectionEpoch>,
    ) -> StoreResult<Option<SignInStatus>> {
        self.0.sign_in_status(user, sign_in, through).await
    }

    async fn list(&self, query: &UserQuery, limit: u32) -> StoreResult<StorePage<User>> {
        self.0.list(query, limit).await
    }

    async fn is_claimed(&self) -> StoreResult<bool> {
        self.0.is_claimed().await
    }
}

/// A house that says what is asked of its store.
pub(super) async fn watched() -> (TestApp, Asked) {
    let asked = Asked::default();
    let house = house(|config| {
        config.throttling.mails_per_address = 1000;
        config.throttling.sign_ups_per_address = 1000;
    })
    .await;
    let house = house
        .restocked(|stores| {
            stores.work = Arc::new(Units(stores.work.clone(), asked.clone()));
            stores.users = Arc::new(Users(stores.users.clone(), asked.clone()));
        })
        .await;
    decide(&house, json!({ "email_sign_in": true })).await;
    house.user(EMAIL).await;
    let off = house.user("off@example.com").await;
    users::set_enabled(&house.admin, &Authority::operator(), off.id, false).await.unwrap();
    (house, asked)
}

pub(super) const WHOEVER: &[&str] = &[EMAIL, "off@example.com", "nobody@example.com"];

/// ENUM-002: the same statements, in the same commits, whoever has the address; also once an account is mailed no more.
#[tokio::test]
async fn enum_002_every_door_asks_the_same_of_the_store_whoever_has_the_address() {
    let (house, asked) = watched().await;
    for door in ["/forgot", "/login"] {
        let mut seen = BTreeSet::new();
        for email in WHOEVER {
            for _ in 0..7 {
                let mut browser = house.browser();
                let page = browser.get(door).await;
                asked.take();
                match door {
                    "/forgot" => browser.submit_once(&page, "forgot", &[("email", email)]).await,
                    _ => browser.submit_once(&page, "login", &[("email", email), ("mail", "yes")]).await,
                };
                seen.insert(asked.take());
            }
        }
        assert_eq!(seen.len(), 1, "{door}: {seen:#?}");
        let steps = seen.first().unwrap();
        assert!(steps.iter().any(|step| step.contains("PutAskedMail")), "{door}: {steps:?}");
    }
    house.send_mail().await;
    let to: BTreeSet<String> = house.outbox().await.iter().map(|mail| mail.to.to_string()).collect();
    assert!(!to.contains("nobody@example.com") && !to.contains("off@example.com"), "{to:?}");
}

/// The same of the codes that are typed: at most five, with the same work, whoever's they would be.
#[tokio::test]
async fn enum_002_a_wrong_code_costs_the_same_whoever_has_the_address() {
    let (house, asked) = watched().await;
    let mut seen = BTreeSet::new();
    for email in ["off@example.com", "nobody@example.com", EMAIL] {
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let page = ask_to_sign_in(&mut browser, &login, email).await;
        asked.take();
        let mut steps = Vec::new();
        for _ in 0..6 {
            let answer = browser.submit_once(&page, "code-form", &[("code", "000000")]).await;
            steps.push((answer.status.as_u16(), asked.take()));
        }
        assert_eq!(steps.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [422, 422, 422, 422, 410, 410]);
        seen.insert(steps);
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
}

/// What of an answer is drawn anew each time.
pub(super) fn masked(page: &Page, email: &str) -> String {
    let mut body = page.body.replace(email, "…");
    for name in ["csrf", "login"] {
        let begin = format!("name=\"{name}\" value=\"");
        while let Some(at) = body.find(&begin) {
            let rest = &body[at + begin.len()..];
            let end = rest.find('"').unwrap();
            body = format!("{}{}", &body[..at], &rest[end..]);
        }
    }
    let nonce = page.header("content-security-policy").and_then(|policy| policy.split("'nonce-").nth(1));
    let nonce = nonce.and_then(|rest| rest.split('\'').next()).unwrap_or("-").to_owned();
    while let Some(at) = body.find("ott_") {
        body.replace_range(at..at + 36, "…");
    }
    body.replace(&nonce, "…")
}

/// ENUM-001: what is answered is the same to the letter, on the page that follows and at each code that is typed there.
#[tokio::test]
async fn enum_001_the_page_that_waits_for_a_code_says_nothing_of_accounts() {
    let (house, _) = watched().await;
    let mut answers = BTreeSet::new();
    for email in WHOEVER {
        let mut browser = house.browser();
        let login = browser.get("/login").await;
        let page = ask_to_sign_in(&mut browser, &login, email).await;
        let wrong = browser.submit(&page, "code-form", &[("code", "000000")]).await;
        let both = [&page, &wrong].map(|page| (page.status.as_u16(), masked(page, email)));
        answers.insert(both);
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

/// MAIL-008: five an hour to an account, by whatever doors and however many networks; whoever has the account signs in meanwhile.
#[tokio::test]
async fn mail_008_no_account_is_flooded_by_all_doors_together() {
    let (house, _) = watched().await;
    for n in 0..12 {
        let mut browser = house.browser();
        if n % 2 == 0 {
            ask(&mut browser, EMAIL).await;
        } else {
            let login = browser.get("/login").await;
            ask_to_sign_in(&mut browser, &login, EMAIL).await;
        }
    }
    let both = [MailPurpose::ResetPassword, MailPurpose::SignIn];
    let sent = house.mailbox(EMAIL).await.into_iter().filter(|letter| both.contains(&letter.purpose)).count();
    assert_eq!(sent, 5);
    assert!(signs_in(&house, EMAIL, PASSWORD).await);
    house.clock.advance(std::time::Duration::from_secs(3601));
    ask(&mut house.browser(), EMAIL).await;
    let sent = house.mailbox(EMAIL).await.into_iter().filter(|letter| both.contains(&letter.purpose)).count();
    assert_eq!(sent, 6);
}
