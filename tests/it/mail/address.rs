//! Another address for an account.

use std::collections::BTreeSet;
use std::time::Duration;

use haechi::config::mail::MailTransport;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::MailPurpose;
use haechi::model::user::EmailAddress;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, ask as forgot, is_verified, signs_in};
use crate::admin::api;
use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::factors::Phone;
use crate::support::mailbox::house;

const NEW: &str = "kim@new.example";

/// A browser in which an account with a proved address is signed in, a moment ago.
async fn kim(house: &TestApp) -> Browser {
    let user = house.user(EMAIL).await;
    let proved: haechi::admin::users::UserResource =
        serde_json::from_value(serde_json::json!({ "email_verified": true })).unwrap();
    haechi::admin::users::update(&house.admin, &haechi::admin::Authority::operator(), user.id, &proved).await.unwrap();
    house.signed_in(&user).await
}

async fn ask(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/account/security").await;
    browser.submit(&page, "account-email", &[("email", email)]).await
}

async fn new_link(house: &TestApp, email: &str) -> String {
    house.mails_for(email, MailPurpose::NewAddress).await[0].link("/verify-email")
}

/// Gives the account that is signed in another address, from the first form to the mail that proves it.
async fn moved(house: &TestApp, browser: &mut Browser, email: &str) {
    ask(browser, email).await;
    let link = new_link(house, email).await;
    let page = browser.get(&link).await;
    browser.submit(&page, "prove", &[]).await;
    assert!(is_verified(house, email).await);
}

/// Whoever reads the mail of the address from before takes the change back.
async fn take_back(house: &TestApp) -> Browser {
    let undo = house.mails_for(EMAIL, MailPurpose::AddressChanged).await[0].link("/undo-email");
    let mut reader = house.browser();
    let page = reader.get(&undo).await;
    let done = reader.submit(&page, "undo", &[]).await;
    assert!(done.has("address-undone") && is_verified(house, EMAIL).await, "{}", done.body);
    reader
}

/// Whoever reads that mail sets a password by it, and signs in: what comes then.
async fn reset_and_sign_in(house: &TestApp, reader: &mut Browser) -> Page {
    forgot(reader, EMAIL).await;
    let link = house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset");
    let page = reader.get(&link).await;
    reader.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    let mut elsewhere = house.browser();
    let login = elsewhere.get("/login").await;
    elsewhere.submit(&login, "login", &[("email", EMAIL), ("password", NEW_PASSWORD)]).await
}

/// Signs in by the password and the code of an app.
async fn by_both(house: &TestApp, phone: &Phone) -> Browser {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let second = house.password_in(&mut browser, &login, EMAIL).await;
    let done = browser.submit(&second, "second", &[("code", &phone.code(house))]).await;
    assert_eq!(done.url.path(), "/account", "{}", done.body);
    browser
}

#[tokio::test]
async fn the_new_address_is_proved_first_and_the_old_one_is_told_and_can_take_it_back() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    let page = ask(&mut browser, NEW).await;
    assert!(page.body.contains("We sent a link to the new address"), "{}", page.body);
    assert!(signs_in(&house, EMAIL, PASSWORD).await, "until then nothing changes");
    // Whoever has the link without the account has nothing.
    let link = new_link(&house, NEW).await;
    let mut stranger = house.browser();
    let page = stranger.get(&link).await;
    assert!(!page.has("prove") && !page.has("take-over"), "{}", page.body);
    let page = browser.get(&link).await;
    browser.submit(&page, "prove", &[]).await;
    assert!(is_verified(&house, NEW).await && signs_in(&house, NEW, PASSWORD).await);
    assert!(!signs_in(&house, EMAIL, PASSWORD).await);
    // The old one takes it back, after everything was ended by whoever has the account now.
    let undo = house.mails_for(EMAIL, MailPurpose::AddressChanged).await[0].link("/undo-email");
    let page = browser.get("/account/sessions").await;
    let csrf = page.csrf_of("/account/sessions");
    browser.post_once("/account/sessions", &[("csrf", &csrf), ("everywhere", "yes")]).await;
    house.clock.advance(Duration::from_hours(71));
    let mut owner = house.browser();
    let page = owner.get(&undo).await;
    let done = owner.submit(&page, "undo", &[]).await;
    assert!(done.has("address-undone"), "{}", done.body);
    // Whoever changed it knows the password: the mailbox sets another.
    assert!(is_verified(&house, EMAIL).await && !signs_in(&house, EMAIL, PASSWORD).await);
    assert_eq!(browser.get("/account").await.url.path(), "/login", "every session since is over");
    assert!(owner.get(&undo).await.has("link-spent"), "once");
    assert_eq!(reset_and_sign_in(&house, &mut owner).await.url.path(), "/account");
}

/// MAIL-013: a second change does not take the first one's way back.
#[tokio::test]
async fn mail_013_a_second_change_leaves_the_first_address_its_way_back() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    for email in [NEW, "mallory@evil.example"] {
        ask(&mut browser, email).await;
        let link = new_link(&house, email).await;
        let page = browser.get(&link).await;
        browser.submit(&page, "prove", &[]).await;
        house.clock.advance(Duration::from_secs(1));
    }
    assert!(is_verified(&house, "mallory@evil.example").await);
    let undo = house.mails_for(EMAIL, MailPurpose::AddressChanged).await[0].link("/undo-email");
    let mut owner = house.browser();
    let page = owner.get(&undo).await;
    owner.submit(&page, "undo", &[]).await;
    assert!(is_verified(&house, EMAIL).await);
}

/// MAIL-013: a session alone changes no address.
#[tokio::test]
async fn mail_013_a_session_that_proved_nothing_lately_asks_for_no_address() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    house.clock.advance(Duration::from_hours(1));
    let page = ask(&mut browser, NEW).await;
    assert_eq!(page.status, axum::http::StatusCode::FORBIDDEN, "{}", page.body);
    assert!(house.mailbox(NEW).await.is_empty());
    // Of two that are asked for, the newer one counts.
    let page = browser.get("/account/security").await;
    let form = page.form("account-email");
    assert!(form.field("email_verified").is_none(), "nobody says so of themselves");
}

#[tokio::test]
async fn mail_013_a_link_to_an_address_that_is_not_wanted_any_more_does_nothing() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    ask(&mut browser, "typo@new.example").await;
    let old = new_link(&house, "typo@new.example").await;
    ask(&mut browser, NEW).await;
    assert!(browser.get(&old).await.has("link-spent"));
}

#[tokio::test]
async fn an_address_that_is_taken_is_not_told_of_and_not_taken_over() {
    let house = house(|_| ()).await;
    house.user("lee@example.com").await;
    let mut browser = kim(&house).await;
    let same = ask(&mut browser, "lee@example.com").await;
    assert!(same.body.contains("We sent a link to the new address"));
    assert!(house.mails_for("lee@example.com", MailPurpose::NewAddress).await.is_empty());
    // Taken after it was asked for.
    ask(&mut browser, NEW).await;
    let link = new_link(&house, NEW).await;
    house.user(NEW).await;
    let page = browser.get(&link).await;
    let refused = browser.submit(&page, "prove", &[]).await;
    assert!(refused.has("address-taken"), "{}", refused.body);
    assert!(signs_in(&house, EMAIL, PASSWORD).await);
}

/// A thief has a browser in which Kim is signed in, and no more: what they add goes, and Kim's mailbox is the way in again.
#[tokio::test]
async fn a_change_that_is_taken_back_takes_the_factors_with_it_that_a_thief_added() {
    for by in ["an app", "a passkey"] {
        let house = house(|_| ()).await;
        let mut thief = kim(&house).await;
        moved(&house, &mut thief, NEW).await;
        let mut device = Authenticator::new(ISSUER, "thief");
        if by == "an app" {
            house.phone_of(&house.user_of(NEW).await).await;
        } else {
            let added = thief.add_passkey(&mut device, "Key").await;
            assert!(added.has("saved"), "{}", added.body);
        }
        let mut owner = take_back(&house).await;
        let user = house.user_of(EMAIL).await;
        let factors = house.accounts.factors(user.id).await.unwrap();
        assert!(factors.all.is_empty() && factors.recovery_codes == 0, "{by}");
        assert!(house.passkeys.of(user.id).await.unwrap().is_empty(), "{by}");
        assert_eq!(thief.get("/account").await.url.path(), "/login", "{by}");
        // The password that the thief knows is worth nothing before the owner set another.
        let login = thief.get("/login").await;
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(thief.submit(&login, "login", &fields).await.url.path(), "/login", "{by}");
        assert!(!house.has_session(&thief).await, "{by}");
        assert_eq!(reset_and_sign_in(&house, &mut owner).await.url.path(), "/account", "{by}");
    }
}

/// A mail link never removes a second factor that was there before: whoever reads the mail of an address that Kim gave up sets a password by it, and
/// gets no further.
#[tokio::test]
async fn a_former_mailbox_takes_no_factor_from_who_has_had_one_all_along() {
    for renewed in [false, true] {
        let house = house(|_| ()).await;
        kim(&house).await;
        let phone = house.phone_of(&house.user_of(EMAIL).await).await;
        let mut owner = by_both(&house, &phone).await;
        moved(&house, &mut owner, NEW).await;
        // What is added now goes: a thief in the owner's browser may have added it.
        let mut device = Authenticator::new(ISSUER, "kim");
        let added = owner.add_passkey(&mut device, "Key").await;
        assert!(added.has("saved"), "{}", added.body);
        if renewed {
            let proof = house.proof_of(&house.user_of(NEW).await);
            house.accounts.renew_recovery_codes(&proof).await.unwrap();
        }
        house.clock.advance(Duration::from_hours(70));
        let mut former = take_back(&house).await;
        let user = house.user_of(EMAIL).await;
        let factors = house.accounts.factors(user.id).await.unwrap();
        // A set of codes that was made since goes: the app makes another.
        assert_eq!((factors.all.len(), factors.recovery_codes), (1, if renewed { 0 } else { 10 }));
        assert!(house.passkeys.of(user.id).await.unwrap().is_empty());
        // The password stays with who has the app, who gets in by both and can change the address again.
        let mut back = by_both(&house, &phone).await;
        assert!(ask(&mut back, NEW).await.body.contains("We sent a link to the new address"));
        let page = reset_and_sign_in(&house, &mut former).await;
        assert!(page.has("second-step") && !house.has_session(&former).await, "{}", page.body);
    }
}

/// MAIL-008: many accounts that all want one address mail it no more than one of them does, and none is told.
#[tokio::test]
async fn mail_008_many_accounts_together_flood_no_address() {
    const VICTIM: &str = "victim@elsewhere.example";
    let house = house(|config| config.throttling.mails_per_address = 1000).await;
    let mut answers = BTreeSet::new();
    for n in 0..12 {
        let user = house.user(&format!("kim{n}@example.com")).await;
        let mut browser = house.signed_in(&user).await;
        let email = if n % 2 == 0 { VICTIM } else { "Victim@Elsewhere.Example" };
        let page = ask(&mut browser, email).await;
        answers.insert((page.status.as_u16(), page.body.contains("We sent a link to the new address")));
    }
    assert_eq!(answers, BTreeSet::from([(200, true)]));
    let victim = EmailAddress::parse(VICTIM).unwrap().lookup_key();
    let mailed = async || house.outbox().await.iter().filter(|mail| mail.to.lookup_key() == victim).count();
    assert_eq!(mailed().await, 5);
    // Nor do other doors, in the same hour; an hour later it may be mailed again.
    forgot(&mut house.browser(), VICTIM).await;
    assert_eq!(mailed().await, 5);
    house.clock.advance(Duration::from_secs(3601));
    let late = house.user("late@example.com").await;
    ask(&mut house.signed_in(&late).await, VICTIM).await;
    assert_eq!(mailed().await, 6);
}

/// MAIL-013: of two changes that are asked for at once, and used at once, one counts; the link of the other is worth nothing.
#[tokio::test]
async fn mail_013_of_two_changes_at_once_one_counts_and_the_other_link_dies() {
    const BOTH: [&str; 2] = ["kim@one.example", "kim@two.example"];
    let house = house(|_| ()).await;
    let browser = kim(&house).await;
    let asking = BOTH.map(|email| {
        let mut browser = browser.clone();
        async move { ask(&mut browser, email).await.status.as_u16() }
    });
    assert_eq!(futures_util::future::join_all(asking).await, [200, 200]);
    let links = [new_link(&house, BOTH[0]).await, new_link(&house, BOTH[1]).await];
    // Each twice, all together.
    let using = [&links[0], &links[1], &links[0], &links[1]].map(|link| {
        let mut browser = browser.clone();
        async move {
            let page = browser.get(link).await;
            if page.has("prove") {
                browser.submit(&page, "prove", &[]).await;
            }
        }
    });
    futures_util::future::join_all(using).await;
    let mut moved = Vec::new();
    for email in BOTH {
        let parsed = EmailAddress::parse(email).unwrap();
        moved.extend(house.stores.users.find_by_email(&parsed).await.unwrap().map(|user| (email, user.email_verified)));
    }
    assert!(matches!(moved.as_slice(), [(_, true)]), "{moved:?}");
    assert_eq!(house.audit(AuditKind::AddressChanged).await.len(), 1);
    assert_eq!(house.mails_for(EMAIL, MailPurpose::AddressChanged).await.len(), 1);
    for link in &links {
        assert!(house.signed_in(&house.user_of(moved[0].0).await).await.get(link).await.has("link-spent"));
    }
}

/// MAIL-013: the form of a link that was open when another address was asked for proves nothing any more.
#[tokio::test]
async fn mail_013_an_open_form_of_an_older_change_does_nothing() {
    let house = house(|_| ()).await;
    let mut browser = kim(&house).await;
    ask(&mut browser, "typo@new.example").await;
    let link = new_link(&house, "typo@new.example").await;
    let open = browser.get(&link).await;
    assert!(open.has("prove"), "{}", open.body);
    ask(&mut browser, NEW).await;
    assert!(browser.submit(&open, "prove", &[]).await.has("link-spent"));
    assert!(is_verified(&house, EMAIL).await);
}

/// MAIL-013: "self-verify via API". Nobody says of themselves that an address is theirs: by no form, and by no token of theirs.
#[tokio::test]
async fn mail_013_nobody_says_of_themselves_that_their_address_is_proved() {
    const FORGED: [(&str, &str); 4] =
        [("email_verified", "true"), ("emailVerified", "true"), ("isVerified", "true"), ("verified", "yes")];
    let house = api::house_with(|config| config.mail.transport = Some(MailTransport::File)).await;
    let kim = house.user(EMAIL).await;
    let mut browser = house.signed_in(&kim).await;
    for path in ["/account/profile", "/account/email", "/account/email/verify"] {
        let csrf = house.csrf(&browser, path).await;
        let fields = [&[("csrf", csrf.as_str()), ("email", EMAIL), ("name", "Kim")][..], &FORGED].concat();
        browser.post_once(path, &fields).await;
        assert!(!is_verified(&house, EMAIL).await, "{path}");
    }
    let mut newcomer = house.browser();
    let page = newcomer.get("/signup").await;
    let fields = [&[("email", "lee@example.com"), ("password", PASSWORD)][..], &FORGED].concat();
    newcomer.submit(&page, "signup", &fields).await;
    assert!(!is_verified(&house, "lee@example.com").await);
    // A token that says that it may write is worth what its end-user may.
    let token = api::token_of(&house, &kim, "haechi:write").await;
    let own = format!("/users/{}", kim.id);
    for (method, path, body) in [
        ("PATCH", own.as_str(), json!({ "email_verified": true })),
        ("PATCH", own.as_str(), json!({ "email": NEW, "email_verified": true })),
        ("POST", "/users", json!({ "email": NEW, "email_verified": true })),
    ] {
        let answer = api::send(&house, (method, path), &token, &body).await;
        assert_eq!(api::problem(&answer), (403, "forbidden".to_owned()), "{method} {path} {body}");
    }
    assert!(!is_verified(&house, EMAIL).await);
}
