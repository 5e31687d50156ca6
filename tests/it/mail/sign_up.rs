//! Making an account where addresses are proved first: whoever signs up hears the same whoever has the address, and there is no account before its mail was read.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::MailPurpose;
use haechi::model::policy::SignUp;
use haechi::model::user::EmailAddress;
use serde_json::{Value, json};

use super::doors::{WHOEVER, masked, watched};
use super::{EMAIL, NEW_PASSWORD, ask_to_sign_in, code, decide, signs_in};
use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::{Authenticator, options};
use crate::support::browser::{Browser, Page};
use crate::support::mailbox;
use crate::support::work::Guessed;

/// By what somebody signs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Password,
    Passkey,
}

pub(super) const DOORS: [Door; 2] = [Door::Password, Door::Passkey];

impl Door {
    /// Fills the page in, and goes nowhere from there.
    pub(super) async fn send(
        self,
        browser: &mut Browser,
        page: &Page,
        (email, device): (&str, &mut Authenticator),
    ) -> Page {
        match self {
            Self::Password => {
                let filled = [("email", email), ("name", "Kim"), ("password", NEW_PASSWORD)];
                browser.submit_once(page, "signup", &filled).await
            }
            Self::Passkey => {
                let answer = device.create(&options(page));
                let filled = [("email", email), ("name", "Kim"), ("answer", answer.as_str())];
                browser.submit_once(page, "passkey", &filled).await
            }
        }
    }

    /// Signs up, on the page that waits for the code.
    pub(super) async fn waiting(self, browser: &mut Browser, email: &str) -> (Page, Authenticator) {
        let page = browser.get("/signup?another=yes").await;
        let mut device = Authenticator::new(ISSUER, email);
        let sent = self.send(browser, &page, (email, &mut device)).await;
        let page = browser.follow(sent).await;
        assert!(page.has("signup-code"), "{self:?}: {}", page.body);
        (page, device)
    }

    /// Tries what was typed or made when signing up, on the login page.
    async fn try_in(self, browser: &mut Browser, email: &str, device: &mut Authenticator) -> StatusCode {
        let login = browser.get("/login").await;
        let page = match self {
            Self::Password => browser.submit(&login, "login", &[("email", email), ("password", NEW_PASSWORD)]).await,
            Self::Passkey => browser.use_passkey(&login, device).await,
        };
        page.status
    }

    pub(super) async fn signs_in(self, house: &TestApp, device: &mut Authenticator) -> bool {
        let mut browser = house.browser();
        self.try_in(&mut browser, EMAIL, device).await;
        house.has_session(&browser).await
    }
}

pub(super) async fn house() -> TestApp {
    let house = mailbox::house(|_| ()).await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    house.first_party("app").await;
    house
}

/// Whether an address has an account.
async fn has_account(house: &TestApp, email: &str) -> bool {
    let email = EmailAddress::parse(email).unwrap();
    house.stores.users.find_by_email(&email).await.unwrap().is_some()
}

pub(super) async fn link(house: &TestApp) -> String {
    house.mails_for(EMAIL, MailPurpose::SignUp).await[0].link("/signup/link")
}

#[tokio::test]
async fn there_is_an_account_once_its_mail_was_read_in_the_browser_that_goes_on_to_the_app() {
    for door in DOORS {
        let house = house().await;
        let (mut browser, mut device) = (house.browser(), Authenticator::new(ISSUER, "kim"));
        let login = browser.get(&Ask::of("app").url()).await;
        let page = browser.get(&login.link("to-signup")).await;
        let sent = door.send(&mut browser, &page, (EMAIL, &mut device)).await;
        let waiting = browser.follow(sent).await;
        assert_eq!(waiting.url.path(), "/signup/code", "{}", waiting.body);
        assert!(waiting.text("said").contains(EMAIL));
        let link = link(&house).await;
        let asked = browser.get(&link).await;
        assert!(asked.text("whose").contains(EMAIL), "{}", asked.body);
        assert_eq!(asked.header("referrer-policy"), Some("no-referrer"));
        assert!(!has_account(&house, EMAIL).await && !house.has_session(&browser).await, "looking makes none");
        assert!(!door.signs_in(&house, &mut device).await, "nor does what was typed");
        let answer = browser.submit(&asked, "use-link", &[]).await.answer();
        let (_, claims) = house.id_token("app", &answer["code"]).await;
        let kim = house.user_of(EMAIL).await;
        assert_eq!(claims["sub"], kim.id.to_string());
        assert!(kim.email_verified && kim.name() == Some("Kim"), "{kim:?}");
        assert!(door.signs_in(&house, &mut device).await, "{door:?}");
        for kind in [AuditKind::UserCreated, AuditKind::AddressVerified] {
            assert_eq!(house.audit(kind).await[0].user, Some(kim.id), "{kind:?}");
        }
        // Link and code went together.
        assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
        assert_eq!(browser.get(waiting.url.as_str()).await.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn the_code_is_typed_where_the_mail_is_read_on_another_device() {
    for door in DOORS {
        let house = house().await;
        let mut browser = house.browser();
        let (waiting, mut device) = door.waiting(&mut browser, EMAIL).await;
        let right = code(&house, MailPurpose::SignUp).await;
        let wrong = if right == "000000" { "111111" } else { "000000" };
        let refused = browser.submit(&waiting, "code-form", &[("code", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let done = browser.submit(&refused, "code-form", &[("code", &right)]).await;
        assert_eq!(done.url.path(), "/account", "{}", done.body);
        assert!(house.user_of(EMAIL).await.email_verified);
        assert!(door.signs_in(&house, &mut device).await, "{door:?}");
    }
}

#[tokio::test]
async fn a_code_is_worked_for_after_wrong_ones_and_tried_five_times() {
    let house = mailbox::house(|config| config.throttling.guesses_before_work = 2).await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    let right = code(&house, MailPurpose::SignUp).await;
    let guessed = Guessed { form: "code-form", field: "code", besides: &[] };
    let done = guessed.at(&mut browser, waiting, ("000000", 2), &right).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
    let house = self::house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    for _ in 0..5 {
        browser.submit_once(&waiting, "code-form", &[("code", "000000")]).await;
    }
    let right = code(&house, MailPurpose::SignUp).await;
    assert_eq!(browser.submit(&waiting, "code-form", &[("code", &right)]).await.status, StatusCode::GONE);
    assert!(!has_account(&house, EMAIL).await);
}

/// MAIL-011: Mallory signs up with an address that is not hers, with a password of hers, and waits for its owner.
#[tokio::test]
async fn mail_011_no_mail_makes_an_account_that_somebody_else_prepared() {
    let house = house().await;
    let mut mallory = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut mallory, EMAIL).await;
    let hers = link(&house).await;
    let mut owner = house.browser();
    let opened = owner.get(&hers).await;
    assert!(opened.has("other-browser") && !opened.has("use-link"), "{}", opened.body);
    assert_eq!(opened.status, StatusCode::CONFLICT);
    // Sent all the same, it does nothing; nor does the code, in a form of the owner's.
    let token = hers.split("token=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let csrf = house.csrf(&owner, "/signup/link").await;
    assert!(owner.post_once("/signup/link", &[("csrf", &csrf), ("token", &token)]).await.has("other-browser"));
    let login = waiting.form("code-form").field("login").unwrap().to_owned();
    let (csrf, typed) = (house.csrf(&owner, "/signup/code").await, code(&house, MailPurpose::SignUp).await);
    let typed = owner.post_once("/signup/code", &[("csrf", &csrf), ("login", &login), ("code", &typed)]).await;
    assert_eq!(typed.status, StatusCode::GONE, "{}", typed.body);
    assert!(!has_account(&house, EMAIL).await && !house.has_session(&owner).await);
    // The owner signs up in the browser that is theirs, and nothing of Mallory's is in the account.
    house.clock.advance(Duration::from_secs(1));
    let (waiting, mut device) = Door::Passkey.waiting(&mut owner, EMAIL).await;
    let right = code(&house, MailPurpose::SignUp).await;
    assert_eq!(owner.submit(&waiting, "code-form", &[("code", &right)]).await.url.path(), "/account");
    assert!(Door::Passkey.signs_in(&house, &mut device).await && !signs_in(&house, EMAIL, NEW_PASSWORD).await);
    let page = mallory.get(&hers).await;
    let late = mallory.submit(&page, "use-link", &[]).await;
    assert!(late.has("address-taken") && !house.has_session(&mallory).await, "{}", late.body);
}

/// MAIL-009: programs that look into mail open every link.
#[tokio::test]
async fn mail_009_looking_at_the_link_makes_no_account() {
    let house = house().await;
    let mut browser = house.browser();
    Door::Password.waiting(&mut browser, EMAIL).await;
    let link = link(&house).await;
    for _ in 0..3 {
        house.browser().get(&link).await;
        browser.get(&link).await;
    }
    assert!(!has_account(&house, EMAIL).await);
    let page = browser.get(&link).await;
    assert_eq!(browser.submit(&page, "use-link", &[]).await.url.path(), "/account");
}

/// What is decided while somebody reads their mail holds for them, and a sign-up is not kept for ever.
#[tokio::test]
async fn a_sign_up_that_waits_is_held_to_what_is_decided_meanwhile_and_ends_after_an_hour() {
    for door in DOORS {
        for later in ["closed", "another domain", "an hour"] {
            let house = house().await;
            let mut browser = house.browser();
            door.waiting(&mut browser, EMAIL).await;
            let link = link(&house).await;
            let page = browser.get(&link).await;
            match later {
                "closed" => house.decide_sign_in(|policy| policy.sign_up = SignUp::Closed).await,
                "another domain" => {
                    let domains = SignUp::Domains(["corp.example".to_owned()].into());
                    house.decide_sign_in(|policy| policy.sign_up = domains).await;
                }
                _ => house.clock.advance(Duration::from_mins(61)),
            }
            let refused = match later {
                "an hour" => browser.get(&link).await,
                _ => browser.submit(&page, "use-link", &[]).await,
            };
            assert_eq!(refused.status, StatusCode::GONE, "{door:?}, {later}: {}", refused.body);
            assert!(!has_account(&house, EMAIL).await, "{door:?}, {later}");
        }
    }
}

#[tokio::test]
async fn of_many_who_use_one_sign_up_at_once_one_makes_the_account() {
    let house = house().await;
    let mut browser = house.browser();
    let (waiting, _) = Door::Password.waiting(&mut browser, EMAIL).await;
    let (link, right) = (link(&house).await, code(&house, MailPurpose::SignUp).await);
    let page = browser.get(&link).await;
    let tries = (0..20).map(|n| {
        let (mut browser, page, waiting, right) = (browser.clone(), &page, &waiting, right.as_str());
        async move {
            let sent = match n % 4 {
                0 => browser.submit_once(waiting, "code-form", &[("code", right)]).await,
                _ => browser.submit_once(page, "use-link", &[]).await,
            };
            sent.status.is_redirection()
        }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|one| *one).count(), 1);
    assert_eq!(house.audit(AuditKind::UserCreated).await.len(), 1);
}

/// Whoever has the account is told, with the way to sign in; nothing of it changes, and nothing in the mail makes another.
#[tokio::test]
async fn whoever_has_the_account_is_told_and_nothing_of_it_changes() {
    for door in DOORS {
        let house = house().await;
        let kim = house.user(EMAIL).await;
        let mut here = house.signed_in(&kim).await;
        let before = house.user_of(EMAIL).await;
        let (_, mut device) = door.waiting(&mut house.browser(), "Kim@example.com").await;
        let letters = house.mails_for(EMAIL, MailPurpose::SignUp).await;
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert!(letter.subject.contains("you have an account already"), "{}", letter.subject);
        assert!(letter.link("/login").ends_with("/login") && !letter.text.contains("/signup/"), "{}", letter.text);
        assert_eq!(house.user_of(EMAIL).await, before);
        assert!(house.passkeys.of(kim.id).await.unwrap().is_empty());
        assert!(!door.signs_in(&house, &mut device).await && signs_in(&house, EMAIL, PASSWORD).await);
        assert_eq!(here.get("/account").await.url.path(), "/account");
        let asked = house.audit(AuditKind::SignUpAsked).await;
        assert_eq!(asked.iter().map(|event| event.user).collect::<Vec<_>>(), [Some(kim.id)], "who runs it may know");
    }
}

/// ENUM-001: the same to the letter, at every step, and on the login page.
#[tokio::test]
async fn enum_001_whoever_signs_up_hears_the_same_whoever_has_the_address() {
    let (house, _) = watched().await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    for door in DOORS {
        let mut answers = BTreeSet::new();
        for email in WHOEVER {
            let mut browser = house.browser();
            let page = browser.get("/signup").await;
            let mut device = Authenticator::new(ISSUER, email);
            let sent = door.send(&mut browser, &page, (email, &mut device)).await;
            let names: BTreeSet<_> = sent.headers.keys().map(|name| name.as_str().to_owned()).collect();
            let leads = sent.location().unwrap().split('?').next().unwrap().to_owned();
            let waiting = browser.follow(sent).await;
            let wrong = browser.submit(&waiting, "code-form", &[("code", "000000")]).await;
            let both = [&waiting, &wrong].map(|page| (page.status.as_u16(), masked(page, email)));
            let login = door.try_in(&mut browser, email, &mut device).await;
            let signed_in = house.has_session(&browser).await;
            answers.insert((names, leads, both, login.as_u16(), signed_in));
        }
        assert_eq!(answers.len(), 1, "{door:?}: {answers:#?}");
        let (_, leads, _, _, signed_in) = answers.first().unwrap();
        assert!(leads.ends_with("/signup/code") && !signed_in, "{door:?}: {answers:#?}");
    }
}

/// ENUM-001: wrong codes at one door show nothing at the other, where a guess at an account's code is worked for after a few.
#[tokio::test]
async fn enum_001_guesses_at_the_code_of_a_sign_up_show_nothing_where_somebody_signs_in_by_mail() {
    let (house, _) = watched().await;
    decide(&house, json!({ "email_verification": "before_login", "email_sign_in": true })).await;
    let mut pages = BTreeSet::new();
    for email in WHOEVER {
        let mut browser = house.browser();
        let page = browser.get("/signup").await;
        let mut device = Authenticator::new(ISSUER, email);
        let sent = Door::Password.send(&mut browser, &page, (email, &mut device)).await;
        let waiting = browser.follow(sent).await;
        for _ in 0..5 {
            browser.submit(&waiting, "code-form", &[("code", "000000")]).await;
        }
        let mut other = house.browser();
        let login = other.get("/login").await;
        pages.insert(masked(&ask_to_sign_in(&mut other, &login, email).await, email));
    }
    assert_eq!(pages.len(), 1, "{pages:#?}");
}

/// ENUM-001: what the browser is asked to make a passkey for is drawn anew each time, and names nobody's.
#[tokio::test]
async fn enum_001_the_ceremony_of_a_sign_up_says_nothing_of_accounts() {
    let (house, _) = watched().await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    let (mut asked, mut handles) = (BTreeSet::new(), BTreeSet::new());
    for email in WHOEVER {
        let mut browser = house.browser();
        let page = browser.get("/signup").await;
        // Asked again, once the address was sent.
        let again = browser.submit(&page, "passkey", &[("email", email), ("answer", "{}")]).await;
        for page in [&page, &again] {
            let mut options: Value = serde_json::from_str(&options(page)).unwrap();
            assert!(options["excludeCredentials"].as_array().is_none_or(Vec::is_empty), "{options}");
            handles.insert(options["user"]["id"].take().to_string());
            options["challenge"] = Value::Null;
            asked.insert(options.to_string());
        }
    }
    assert_eq!((asked.len(), handles.len()), (1, 2 * WHOEVER.len()), "{asked:#?}");
}

/// ENUM-002: the same statements, in the same commits, after the same hash, whoever has the address; also once it is mailed no more.
#[tokio::test]
async fn enum_002_signing_up_asks_the_same_of_the_store_whoever_has_the_address() {
    let (house, asked) = watched().await;
    decide(&house, json!({ "email_verification": "before_login" })).await;
    for door in DOORS {
        let mut seen = BTreeSet::new();
        for email in WHOEVER {
            for _ in 0..7 {
                let mut browser = house.browser();
                let page = browser.get("/signup").await;
                let spent = house.hasher.spent();
                asked.take();
                door.send(&mut browser, &page, (email, &mut Authenticator::new(ISSUER, email))).await;
                seen.insert((asked.take(), house.hasher.spent() - spent));
            }
        }
        assert_eq!(seen.len(), 1, "{door:?}: {seen:#?}");
        let (steps, _) = seen.first().unwrap();
        assert!(steps.iter().any(|step| step.contains("PutAskedMail")), "{door:?}: {steps:?}");
    }
    house.send_mail().await;
    let sent = house.outbox().await.into_iter().filter(|mail| mail.purpose == MailPurpose::SignUp);
    let to: Vec<String> = sent.map(|mail| mail.to.to_string()).collect();
    for (email, mails) in [(EMAIL, 5), ("off@example.com", 0), ("nobody@example.com", 5)] {
        assert_eq!(to.iter().filter(|one| *one == email).count(), mails, "{email}: {to:?}");
    }
}

/// Where nothing is proved first, the answers differ: there is an account at once, or there is none. `docs/mail.md` says so.
#[tokio::test]
async fn where_an_account_is_made_at_once_a_taken_address_is_told() {
    for when in ["not_asked", "when_asked_for"] {
        let house = mailbox::house(|_| ()).await;
        decide(&house, json!({ "email_verification": when })).await;
        house.user(EMAIL).await;
        let mut browser = house.browser();
        let page = browser.get("/signup").await;
        let sent = Door::Password.send(&mut browser, &page, (EMAIL, &mut Authenticator::new(ISSUER, "kim"))).await;
        assert!(!sent.text("email-problem").is_empty(), "{when}: {}", sent.body);
        assert!(house.mails_for(EMAIL, MailPurpose::SignUp).await.is_empty(), "{when}");
    }
}
