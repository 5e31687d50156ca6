//! A forgotten password.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::mail::MailPurpose;
use haechi::store::Change;

use super::{EMAIL, NEW_PASSWORD, ask, signs_in};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::factors::{Phone, STEP};
use crate::support::mailbox::house;

async fn link(house: &TestApp) -> String {
    house.mails_for(EMAIL, MailPurpose::ResetPassword).await[0].link("/reset")
}

#[tokio::test]
async fn somebody_who_forgot_a_password_sets_another_and_goes_on_to_the_app_that_waited() {
    let house = house(|_| ()).await;
    house.first_party("app").await;
    let kim = house.user(EMAIL).await;
    let mut elsewhere = house.signed_in(&kim).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = browser.get(&login.link("to-forgot")).await;
    let sent = browser.submit(&page, "forgot", &[("email", EMAIL)]).await;
    assert!(sent.has("forgot-sent"), "{}", sent.body);
    let page = browser.get(&link(&house).await).await;
    assert!(page.text("whose").contains(EMAIL), "{}", page.body);
    let answer = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!(claims["sub"], kim.id.to_string());
    assert!(signs_in(&house, EMAIL, NEW_PASSWORD).await && !signs_in(&house, EMAIL, PASSWORD).await);
    assert_eq!(elsewhere.get("/account").await.url.path(), "/login", "everywhere else it is signed out");
    assert!(super::is_verified(&house, EMAIL).await, "whoever has the link reads the address's mail");
    assert_eq!(house.audit(AuditKind::PasswordReset).await[0].user, Some(kim.id));
}

#[tokio::test]
async fn in_another_browser_it_leads_to_the_account_and_to_nobodys_login() {
    let house = house(|_| ()).await;
    house.first_party("app").await;
    house.user(EMAIL).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = browser.get(&login.link("to-forgot")).await;
    browser.submit(&page, "forgot", &[("email", EMAIL)]).await;
    let link = link(&house).await;
    assert!(link.contains("&flow="), "{link}");
    let mut phone = house.browser();
    let page = phone.get(&link).await;
    let page = phone.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
}

/// MAIL-005: one use, the newest only, half an hour, and nothing of it after any other end of the account's sign-ins.
#[tokio::test]
async fn mail_005_a_link_is_used_once_and_only_the_newest_for_half_an_hour() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let first = link(&house).await;
    house.clock.advance(Duration::from_secs(1));
    ask(&mut browser, EMAIL).await;
    let second = link(&house).await;
    assert_ne!(first, second);
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "a newer one took its place");
    let page = browser.get(&second).await;
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    let mut again = house.browser();
    assert_eq!(again.get(&second).await.status, StatusCode::GONE);
    let mut stale = house.browser();
    stale.ensure_cookie().await;
    let replayed = stale.submit_once(&page, "reset", &[("password", "another one altogether")]).await;
    assert_ne!(replayed.status, StatusCode::SEE_OTHER, "{}", replayed.body);
    assert!(signs_in(&house, EMAIL, NEW_PASSWORD).await);
    // After its half hour, of which the mail tells.
    house.clock.advance(Duration::from_hours(2));
    ask(&mut browser, EMAIL).await;
    let late = link(&house).await;
    let letter = house.mails_for(EMAIL, MailPurpose::ResetPassword).await.remove(0);
    assert!(letter.text.contains("for 30 minutes"), "{}", letter.text);
    house.clock.advance(Duration::from_mins(30) - Duration::from_secs(1));
    assert_eq!(browser.get(&late).await.status, StatusCode::OK);
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.get(&late).await.status, StatusCode::GONE);
    // After everything was ended otherwise.
    ask(&mut browser, EMAIL).await;
    let ended = link(&house).await;
    users::revoke_sessions(&house.admin, &Authority::operator(), kim.id).await.unwrap();
    assert_eq!(browser.get(&ended).await.status, StatusCode::GONE);
    // And what is stored of it opens nothing.
    let stored = house.outbox().await;
    let token = ended.split("token=").nth(1).unwrap();
    assert!(stored.iter().all(|mail| !String::from_utf8_lossy(&mail.sealed).contains(token)));
}

/// MAIL-009: programs that look into mail open every link, with whatever method.
#[tokio::test]
async fn mail_009_looking_at_a_link_uses_nothing_up_and_signs_nobody_in() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    ask(&mut house.browser(), EMAIL).await;
    let link = link(&house).await;
    for _ in 0..3 {
        let mut scanner = house.browser();
        let head = scanner.send(axum::http::Method::HEAD, &link, &[], None).await;
        let page = scanner.get(&link).await;
        assert_eq!((head.status, page.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(scanner.cookie(scanner.session_cookie_name()), None);
    }
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    let page = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(page.url.path(), "/account");
}

/// MAIL-007 and MAIL-004: whose password it is the link alone says, and without one there is no step to take.
#[tokio::test]
async fn mail_007_the_account_is_the_links_whatever_the_form_says() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    let lee = house.user("lee@example.com").await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let page = browser.get(&link(&house).await).await;
    let id = lee.id.to_string();
    let forged = [
        ("password", NEW_PASSWORD),
        ("username", "lee@example.com"),
        ("email", "lee@example.com"),
        ("user", id.as_str()),
    ];
    let page = browser.submit(&page, "reset", &forged).await;
    assert!(page.body.contains(EMAIL) && !page.body.contains("lee@example.com"), "{}", page.body);
    assert!(signs_in(&house, "lee@example.com", PASSWORD).await);
    assert!(signs_in(&house, EMAIL, NEW_PASSWORD).await);
}

#[tokio::test]
async fn mail_004_no_password_is_set_without_a_link_of_the_right_kind() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let good = link(&house).await;
    let page = browser.get(&good).await;
    for token in ["", "hott_made-up", &good.split("token=").nth(1).unwrap()[..40]] {
        let answer = browser.submit_once(&page, "reset", &[("token", token), ("password", NEW_PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::GONE, "{token}");
        assert_eq!(browser.cookie(browser.session_cookie_name()), None);
    }
    // A link that undoes, or proves another address, sets none; one of the claim page neither.
    let claim = haechi::admin::claim::issue_link(&house.admin, &Authority::operator()).await.unwrap();
    let answer =
        browser.submit_once(&page, "reset", &[("token", claim.text.expose()), ("password", NEW_PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(signs_in(&house, EMAIL, PASSWORD).await);
}

/// MAIL-001: the origin of a link is the configured one.
#[tokio::test]
async fn mail_001_a_link_leads_to_the_issuer_whatever_host_was_asked_for() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-forwarded-proto", "http"),
        ("x-original-host", "evil.example"),
    ] {
        let mut browser = house.browser();
        browser.headers.push((name, value.to_owned()));
        ask(&mut browser, EMAIL).await;
        let letters = house.mails_for(EMAIL, MailPurpose::ResetPassword).await;
        let letter = &letters[0];
        assert!(letter.text.contains("https://id.example/reset?token="), "{name}: {}", letter.text);
        assert!(!letter.html.contains("evil.example") && !letter.html.contains("http://"), "{name}");
        house.clock.advance(Duration::from_hours(1));
    }
}

/// ENUM-001: what is answered is the same to the letter.
#[tokio::test]
async fn enum_001_who_has_an_account_does_not_show_to_who_asks_for_a_link() {
    let house = house(|config| config.throttling.mails_per_address = 1000).await;
    house.user(EMAIL).await;
    let disabled = house.user("off@example.com").await;
    users::set_enabled(&house.admin, &Authority::operator(), disabled.id, false).await.unwrap();
    let mut answers = std::collections::BTreeSet::new();
    for email in [EMAIL, "off@example.com", "nobody@example.com", "no address"] {
        // Beyond what the account is mailed, too.
        for _ in 0..8 {
            let mut browser = house.browser();
            let sent = ask(&mut browser, email).await;
            // What it knows beside that is what was typed, to ask once more.
            assert_eq!(sent.form("again").field("email"), Some(email));
            let body = without_csrf(&sent.body).replace(&format!("value=\"{email}\""), "…");
            let nonce = sent.header("content-security-policy").unwrap_or_default().to_owned();
            let nonce =
                nonce.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("-").to_owned();
            answers.insert((sent.status.as_u16(), body.replace(&nonce, "…")));
        }
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
    house.send_mail().await;
    let to: Vec<String> = house.outbox().await.iter().map(|mail| mail.to.to_string()).collect();
    assert_eq!(to.iter().filter(|to| *to == EMAIL).count(), 5, "as many as an account is mailed: {to:?}");
    assert!(!to.contains(&"nobody@example.com".to_owned()));
    let off = house.mails_for("off@example.com", MailPurpose::ResetPassword).await;
    assert!(off.is_empty(), "a disabled account gets no link");
}

/// A page without what is drawn for each browser.
fn without_csrf(body: &str) -> String {
    let mut parts = body.split("name=\"csrf\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| so_far + "…" + part.split_once('"').map_or("", |(_, rest)| rest))
}

/// ENUM-002: the same work, whoever it is: one commit, and as many reads.
#[tokio::test]
async fn enum_002_who_has_no_account_costs_a_commit_too() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    for email in [EMAIL, "nobody@example.com"] {
        let before = house.audit(AuditKind::PasswordResetAsked).await.len();
        ask(&mut house.browser(), email).await;
        assert_eq!(house.audit(AuditKind::PasswordResetAsked).await.len(), before + 1, "{email}");
    }
}

/// MAIL-008: a network that asks too often is told to wait; an account is mailed five an hour, by however many.
#[tokio::test]
async fn mail_008_nobody_is_flooded_with_mail() {
    let house = house(|config| config.throttling.mails_per_address = 6).await;
    house.user(EMAIL).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(ask(&mut house.browser(), EMAIL).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(house.mails_for(EMAIL, MailPurpose::ResetPassword).await.len(), 5);
    assert!(signs_in(&house, EMAIL, PASSWORD).await, "and signs in meanwhile");
    house.clock.advance(Duration::from_hours(1));
    assert_eq!(ask(&mut house.browser(), EMAIL).await.status, StatusCode::OK);
    assert_eq!(house.mails_for(EMAIL, MailPurpose::ResetPassword).await.len(), 6);
}

#[tokio::test]
async fn who_got_no_mail_asks_for_another_within_the_same_limits_and_goes_on_to_the_app_that_waited() {
    let house = house(|config| config.throttling.mails_per_address = 2).await;
    house.first_party("app").await;
    house.user(EMAIL).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = browser.get(&login.link("to-forgot")).await;
    let sent = browser.submit(&page, "forgot", &[("email", EMAIL)]).await;
    let first = link(&house).await;
    house.clock.advance(Duration::from_secs(1));
    let again = browser.submit(&sent, "again", &[]).await;
    assert!(again.has("forgot-sent") && again.status == StatusCode::OK, "{}", again.body);
    let newest = link(&house).await;
    assert!(newest != first && newest.contains("&flow="), "{newest}");
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "the newest only");
    let refused = browser.submit(&again, "again", &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.form("forgot").field("email"), Some(EMAIL), "what was typed is there to ask with later");
    assert_eq!(house.mails_for(EMAIL, MailPurpose::ResetPassword).await.len(), 2);
    let page = browser.get(&newest).await;
    let answer = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await.answer();
    assert!(answer.contains_key("code"), "{answer:?}");
}

#[tokio::test]
async fn where_no_mail_leaves_the_page_says_who_can_help() {
    let house = TestApp::new().await;
    house.user(EMAIL).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    assert!(!login.has("to-forgot") && login.has("forgotten"));
    let page = browser.get("/forgot").await;
    assert!(page.has("forgot-off") && page.status == StatusCode::FORBIDDEN);
    let csrf = house.csrf(&browser, "/forgot").await;
    let page = browser.post_once("/forgot", &[("csrf", &csrf), ("email", EMAIL)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(house.outbox().await.is_empty());
}

#[tokio::test]
async fn a_password_that_may_be_none_leaves_the_link_as_good_as_it_was() {
    let house = house(|_| ()).await;
    house.user(EMAIL).await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let page = browser.get(&link(&house).await).await;
    let again = browser.submit(&page, "reset", &[("password", "short")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.has("password-problem"), "{}", again.body);
    let done = browser.submit(&again, "reset", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(done.url.path(), "/account");
}

/// MAIL-006: a link takes no second factor away, nor a passkey, of an account whose address is proved.
#[tokio::test]
async fn mail_006_a_link_leaves_second_factors_and_passkeys_as_they_are() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    house.commit(vec![Change::UpdateUser(User { email_verified: true, ..kim.clone() })]).await;
    let phone = house.phone_of(&house.accounts.find(kim.id).await.unwrap().unwrap()).await;
    let mut device = Authenticator::new(house.issuer(), "kim");
    added(&house, &phone, &mut device).await;
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let page = browser.get(&link(&house).await).await;
    let asked = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert!(asked.has("second"), "the new password is one factor: {}", asked.url);
    assert_eq!(browser.get("/account").await.url.path(), "/login");
    house.clock.advance(STEP);
    let page = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let mut other = house.browser();
    let login = other.get("/login").await;
    assert!(other.use_passkey(&login, &mut device).await.has("account-name"), "by itself, as it is two factors");
}

/// What somebody prepared with an address that was never proved to be theirs goes, passkeys and second factors with it.
#[tokio::test]
async fn what_was_prepared_with_an_unproved_address_goes_with_the_reset() {
    let house = house(|_| ()).await;
    let kim = house.user(EMAIL).await;
    let mut device = Authenticator::new(house.issuer(), "mallory");
    house.signed_in(&kim).await.add_passkey(&mut device, "").await;
    let phone = house.phone_of(&house.accounts.find(kim.id).await.unwrap().unwrap()).await;
    assert!(!phone.user.email_verified);
    let mut browser = house.browser();
    ask(&mut browser, EMAIL).await;
    let page = browser.get(&link(&house).await).await;
    let page = browser.submit(&page, "reset", &[("password", NEW_PASSWORD)]).await;
    assert!(page.has("prepared-ended"), "whoever did it is told: {}", page.body);
    assert_eq!(browser.get(&page.link("go-on")).await.url.path(), "/account");
    let told = house.mails_for(EMAIL, MailPurpose::Notice).await;
    assert!(told.iter().any(|letter| letter.subject.contains("had before has ended")), "and by mail: {told:?}");
    assert_eq!(house.passkeys.of(kim.id).await.unwrap(), vec![]);
    assert!(!house.accounts.factors(kim.id).await.unwrap().any());
    let mut other = house.browser();
    let login = other.get("/login").await;
    assert!(other.use_passkey(&login, &mut device).await.has("problem"));
}

/// A passkey is added by whoever proved the account by a code.
async fn added(house: &TestApp, phone: &Phone, device: &mut Authenticator) {
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let asked = browser.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let page = browser.submit(&asked, "second", &[("code", &phone.code(house))]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(browser.add_passkey(device, "").await.has("saved"));
    house.clock.advance(STEP);
}
