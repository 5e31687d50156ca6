//! Making an account through a provider where addresses are proved first: who says an address that nobody vouches for hears the same whoever has it, and there is no account
//! before its mail was read.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::config::mail::MailTransport;
use haechi::model::Connection;
use haechi::model::audit_event::AuditKind;
use haechi::model::connection::Slug;
use haechi::model::mail::MailPurpose;
use haechi::store::Change;
use serde_json::json;

use super::doors::{WHOEVER, masked};
use super::{EMAIL, code, decide};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::Said;
use crate::support::emulator::providers::{Person, named};
use crate::upstream::{Abroad, is_signed_in, outcome};

/// A provider whose word about addresses does not count.
const PROVIDER: &str = "facebook";

/// Who says the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The provider does, and nobody vouches for it.
    Named,
    /// It names none, and the end-user types one.
    Typed,
}

const WAYS: [Way; 2] = [Way::Named, Way::Typed];

impl Way {
    /// Comes back from the provider with an address: what follows.
    async fn back(self, abroad: &Abroad, browser: &mut Browser, (from, email): (&str, &'static str)) -> Page {
        match self {
            Self::Named => abroad.emulator.seat(PROVIDER, Person { email, ..named(PROVIDER).person }),
            Self::Typed => abroad.emulator.say(Said::Answer(0), json!({ "email": null })),
        }
        let login = browser.get(from).await;
        let url = abroad.press(browser, &login, PROVIDER).await;
        let answer = abroad.emulator.visit(&url).await;
        let page = abroad.deliver(browser, &answer).await;
        match self {
            Self::Named => page,
            Self::Typed => browser.submit(&page, "email-form", &[("email", email)]).await,
        }
    }
}

async fn house(change: impl FnOnce(&mut Connection)) -> Abroad {
    let abroad = Abroad::with(|config| {
        config.mail.transport = Some(MailTransport::File);
        config.throttling.mails_per_address = 1000;
        config.throttling.sign_ups_per_address = 1000;
    })
    .await;
    abroad.connect(PROVIDER, PROVIDER, change).await;
    decide(&abroad.app, json!({ "email_verification": "before_login" })).await;
    abroad
}

/// The accounts of [`WHOEVER`].
async fn people(abroad: &Abroad) {
    abroad.app.user(EMAIL).await;
    let off = abroad.app.user("off@example.com").await;
    let by = haechi::admin::Authority::operator();
    haechi::admin::users::set_enabled(&abroad.app.admin, &by, off.id, false).await.unwrap();
}

/// ENUM-001: the same to the letter, at every step.
#[tokio::test]
async fn enum_001_whoever_comes_from_a_provider_hears_the_same_whoever_has_the_address() {
    for way in WAYS {
        let abroad = house(|_| ()).await;
        people(&abroad).await;
        let mut answers = BTreeSet::new();
        for &email in WHOEVER {
            let mut browser = abroad.app.browser();
            let waiting = way.back(&abroad, &mut browser, ("/login", email)).await;
            assert_eq!(waiting.url.path(), "/signup/code", "{way:?}, {email}: {}", waiting.body);
            let wrong = browser.submit(&waiting, "code-form", &[("code", "000000")]).await;
            answers.insert([&waiting, &wrong].map(|page| (page.status.as_u16(), masked(page, email))));
            assert!(!is_signed_in(&browser), "{way:?}, {email}");
        }
        assert_eq!(answers.len(), 1, "{way:?}: {answers:#?}");
        assert_eq!(abroad.accounts().await, 2, "{way:?}: there is none more before a mail was read");
    }
}

#[tokio::test]
async fn the_account_is_made_with_its_link_once_its_mail_was_read_and_goes_on_to_the_app() {
    for way in WAYS {
        let abroad = house(|_| ()).await;
        abroad.app.first_party("app").await;
        let mut browser = abroad.app.browser();
        let waiting = way.back(&abroad, &mut browser, (&Ask::of("app").url(), EMAIL)).await;
        assert!(abroad.user(EMAIL).await.is_none(), "{way:?}: {}", waiting.body);
        let right = code(&abroad.app, MailPurpose::SignUp).await;
        let answer = browser.submit(&waiting, "code-form", &[("code", &right)]).await.answer();
        let (_, claims) = abroad.app.id_token("app", &answer["code"]).await;
        let kim = abroad.user(EMAIL).await.unwrap();
        assert_eq!(claims["sub"], kim.id.to_string(), "{way:?}");
        assert!(kim.email_verified && kim.name() == Some("Minji Kim"), "{way:?}: {kim:?}");
        assert_eq!(abroad.links(&kim).await.len(), 1, "{way:?}");
        for kind in [AuditKind::UserCreated, AuditKind::AddressVerified, AuditKind::UpstreamLinked] {
            assert_eq!(abroad.app.audit(kind).await[0].user, Some(kim.id), "{way:?}: {kind:?}");
        }
        // From then on the provider signs in to it, whatever it says of addresses.
        let mut other = abroad.app.browser();
        abroad.go(&mut other, PROVIDER).await;
        assert!(is_signed_in(&other), "{way:?}");
        assert_eq!(abroad.accounts().await, 1, "{way:?}");
    }
}

/// Another mail for it makes the same account, with its link.
#[tokio::test]
async fn the_account_is_made_with_its_link_by_another_mail_too() {
    for way in WAYS {
        let abroad = house(|_| ()).await;
        let mut browser = abroad.app.browser();
        let waiting = way.back(&abroad, &mut browser, ("/login", EMAIL)).await;
        abroad.app.clock.advance(Duration::from_secs(1));
        let newer = browser.submit(&waiting, "again", &[]).await;
        assert_eq!(newer.url, waiting.url, "{way:?}: {}", newer.body);
        assert_eq!(abroad.app.mails_for(EMAIL, MailPurpose::SignUp).await.len(), 2, "{way:?}");
        let right = code(&abroad.app, MailPurpose::SignUp).await;
        let done = browser.submit(&newer, "code-form", &[("code", &right)]).await;
        assert_eq!(done.url.path(), "/account", "{way:?}: {}", done.body);
        let kim = abroad.user(EMAIL).await.unwrap();
        assert_eq!(abroad.links(&kim).await.len(), 1, "{way:?}");
    }
}

#[tokio::test]
async fn whoever_has_the_account_is_told_and_nothing_is_linked_to_it() {
    for way in WAYS {
        let abroad = house(|_| ()).await;
        people(&abroad).await;
        let before = abroad.app.user_of(EMAIL).await;
        way.back(&abroad, &mut abroad.app.browser(), ("/login", EMAIL)).await;
        let letters = abroad.app.mails_for(EMAIL, MailPurpose::SignUp).await;
        let [letter] = letters.as_slice() else { panic!("{way:?}: {letters:?}") };
        assert!(letter.subject.contains("you have an account already"), "{way:?}: {}", letter.subject);
        assert!(!letter.text.contains("/signup/"), "{way:?}: {}", letter.text);
        assert_eq!(abroad.app.user_of(EMAIL).await, before, "{way:?}");
        assert!(abroad.links(&before).await.is_empty(), "{way:?}");
    }
}

/// What an administrator decides about the connection while the mail waits counts.
#[tokio::test]
async fn no_account_is_made_by_a_connection_that_makes_none_any_more() {
    let changes: [fn(&mut Connection); 3] = [
        |connection| connection.enabled = false,
        |connection| connection.sign_up = false,
        |connection| connection.allowed_domains = vec!["corp.example".to_owned()],
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let abroad = house(|_| ()).await;
        let mut browser = abroad.app.browser();
        let waiting = Way::Typed.back(&abroad, &mut browser, ("/login", EMAIL)).await;
        let found = abroad.app.stores.connections.find_by_slug(&Slug::parse(PROVIDER).unwrap()).await.unwrap();
        let mut connection = found.unwrap();
        change(&mut connection);
        abroad.app.commit(vec![Change::UpdateConnection(Box::new(connection))]).await;
        let right = code(&abroad.app, MailPurpose::SignUp).await;
        let refused = browser.submit(&waiting, "code-form", &[("code", &right)]).await;
        assert_eq!(refused.status, StatusCode::GONE, "{n}: {}", refused.body);
        assert_eq!(abroad.accounts().await, 0, "{n}");
    }
}

/// ENUM-001: nor does it show where a connection makes no accounts.
#[tokio::test]
async fn enum_001_a_connection_that_makes_no_accounts_says_nothing_of_addresses() {
    let abroad = house(|connection| connection.sign_up = false).await;
    people(&abroad).await;
    for &email in WHOEVER {
        let page = Way::Named.back(&abroad, &mut abroad.app.browser(), ("/login", email)).await;
        assert_eq!(outcome(&page), "upstream-no-account", "{email}");
    }
}

/// Whose address a provider vouches for has the mailbox: they may know, and prove the account in its page.
#[tokio::test]
async fn who_has_the_mailbox_by_a_word_that_counts_waits_for_no_mail() {
    let abroad = house(|_| ()).await;
    abroad.connect("google", "google", |_| ()).await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    assert!(is_signed_in(&browser) && abroad.user("minji.kim@gmail.com").await.unwrap().email_verified);
    abroad.emulator.seat("google", Person { email: "alice@gmail.com", id: "another", ..named("google").person });
    abroad.app.user("alice@gmail.com").await;
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, "google").await;
    assert!(page.has("confirm") && !is_signed_in(&browser), "{}", page.body);
}
