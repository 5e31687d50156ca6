//! Passkeys: what a page, another site, another account or a stolen key must not get by them.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::model::audit_event::AuditKind;
use haechi::model::policy::FactorPolicy;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::app::{ISSUER, PASSWORD, TestApp};
use crate::support::authenticator::{Authenticator, BE, BS, UP, UV, options};
use crate::support::browser::{Browser, Page};

struct House {
    app: TestApp,
    device: Authenticator,
}

/// Alice has a passkey.
async fn house() -> House {
    let app = TestApp::new().await;
    let mut device = Authenticator::new(ISSUER, "alice");
    let alice = app.user("alice@example.com").await;
    let added = app.signed_in(&alice).await.add_passkey(&mut device, "phone").await;
    assert!(added.has("saved"), "{}", added.body);
    House { app, device }
}

fn is_signed_in(page: &Page) -> bool {
    page.has("account-name")
}

/// The page of a sign-in that was refused: the form is there once more, and says why.
fn refused(page: &Page) -> bool {
    page.status.is_client_error() && page.has("login") && page.has("problem")
}

async fn login(app: &TestApp) -> (Browser, Page) {
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    (browser, page)
}

#[tokio::test]
async fn pk_001_an_answer_signs_in_once_and_only_where_it_was_asked_for() {
    let House { app, mut device } = house().await;
    let (mut browser, page) = login(&app).await;
    let answer = device.get(&options(&page));
    assert!(is_signed_in(&browser.submit(&page, "passkey", &[("answer", &answer)]).await));
    // Once more, in the same browser.
    let again = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    // In another browser: neither its form's ticket nor Alice's is for that answer.
    let (mut thief, own) = login(&app).await;
    assert!(refused(&thief.submit(&own, "passkey", &[("answer", &answer)]).await));
    let ticket = page.form("passkey").field("ticket").unwrap().to_owned();
    assert!(refused(&thief.submit(&own, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await));
}

#[tokio::test]
async fn pk_001_of_fifty_who_send_one_answer_at_once_one_is_signed_in() {
    let House { app, mut device } = house().await;
    let (browser, page) = login(&app).await;
    let answer = device.get(&options(&page));
    let tries = (0..50).map(|_| {
        let (mut browser, page, answer) = (browser.clone(), &page, &answer);
        async move { browser.submit_once(page, "passkey", &[("answer", answer)]).await.status.is_redirection() }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|one| *one).count(), 1);
}

#[tokio::test]
async fn pk_001_the_challenge_of_a_registration_signs_nobody_in() {
    let House { app, mut device } = house().await;
    let alice = app.user_of("alice@example.com").await;
    let mut browser = app.signed_in(&alice).await;
    let asked = browser.ask_for_passkey().await;
    let answer = device.get(&options(&asked));
    let ticket = asked.form("passkey").field("ticket").unwrap().to_owned();
    let page = browser.get("/login?again").await;
    // Whoever is signed in sees no login page: another tab has one from before.
    let fields = [
        ("answer", answer.as_str()),
        ("ticket", &ticket),
        ("csrf", &app.csrf(&anonymous(&browser), "/login/passkey").await),
    ];
    let sent = browser.post_once("/login/passkey", &fields).await;
    assert!(!sent.status.is_redirection(), "{} {}", page.status, sent.status);
}

/// The same browser, signed out.
fn anonymous(browser: &Browser) -> Browser {
    let mut other = browser.clone();
    other.set_cookie(browser.session_cookie_name(), "");
    other
}

#[tokio::test]
async fn pk_002_an_answer_counts_from_our_own_origin_for_our_own_host_only() {
    let House { app, mut device } = house().await;
    for origin in [
        "https://badid.example",
        "https://id.example.evil.tld",
        "http://id.example",
        "https://id.example:8443",
        "https://sub.id.example",
        "null",
        "android:apk-key-hash:AAAA",
    ] {
        let (mut browser, page) = login(&app).await;
        origin.clone_into(&mut device.origin);
        let sent = browser.use_passkey(&page, &mut device).await;
        assert!(refused(&sent), "{origin}: {}", sent.status);
    }
    ISSUER.clone_into(&mut device.origin);
    let (mut browser, page) = login(&app).await;
    "example".clone_into(&mut device.rp_id);
    assert!(refused(&browser.use_passkey(&page, &mut device).await), "another RP ID");
    "id.example".clone_into(&mut device.rp_id);
    device.cross_origin = Some(true);
    let (mut browser, page) = login(&app).await;
    assert!(refused(&browser.use_passkey(&page, &mut device).await), "within another site's page");
    device.cross_origin = None;
    device.top_origin = Some("https://evil.example".to_owned());
    let (mut browser, page) = login(&app).await;
    assert!(refused(&browser.use_passkey(&page, &mut device).await), "and where only the page around it is named");
    device.top_origin = None;
    let (mut browser, page) = login(&app).await;
    assert!(is_signed_in(&browser.use_passkey(&page, &mut device).await), "not every browser says so");
}

#[tokio::test]
async fn pk_002_whoever_was_not_verified_is_refused() {
    let House { app, mut device } = house().await;
    for flags in [UP, UV, 0] {
        device.flags = flags;
        let (mut browser, page) = login(&app).await;
        assert!(refused(&browser.use_passkey(&page, &mut device).await), "{flags:#x}");
    }
}

#[tokio::test]
async fn pk_005_a_credential_is_one_accounts() {
    let House { app, mut device } = house().await;
    let mallory = app.user("mallory@example.com").await;
    let mut hers = Authenticator::new(ISSUER, "mallory");
    hers.credential_id.clone_from(&device.credential_id);
    let mut browser = app.signed_in(&mallory).await;
    let sent = browser.add_passkey(&mut hers, "").await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert_eq!(app.passkeys.of(mallory.id).await.unwrap(), vec![]);
    // It still signs Alice in, and by her key alone.
    let (mut browser, page) = login(&app).await;
    assert!(is_signed_in(&browser.use_passkey(&page, &mut device).await));
    let (mut browser, page) = login(&app).await;
    hers.user_handle.clone_from(&device.user_handle);
    assert!(refused(&browser.use_passkey(&page, &mut hers).await));
}

#[tokio::test]
async fn pk_007_a_passkey_takes_a_recent_proof() {
    let House { app, mut device } = house().await;
    let alice = app.user_of("alice@example.com").await;
    // The password is none: she has something stronger.
    assert!(app.signed_in(&alice).await.ask_for_passkey().await.has("step-up"));
    let (mut browser, page) = login(&app).await;
    browser.use_passkey(&page, &mut device).await;
    let fresh = browser.ask_for_passkey().await;
    app.clock.advance(Duration::from_mins(20));
    let mut other = Authenticator::new(ISSUER, "other");
    let (again, ticket) = browser.ask_again(&fresh).await.unwrap();
    let answer = other.create(&again);
    let asked = browser.submit(&fresh, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert!(asked.has("step-up"), "{}", asked.body);
    assert_eq!(app.passkeys.of(alice.id).await.unwrap().len(), 1);
    assert!(browser.ask_for_passkey().await.has("step-up"));
    // Proved once more, it is added.
    let done = browser.use_passkey(&asked, &mut device).await;
    assert!(done.has("saved"), "{}", done.body);
    assert_eq!(app.passkeys.of(alice.id).await.unwrap().len(), 2);
    // Neither the page nor the answer of Alice is worth anything in Mallory's session.
    let mut thief = app.signed_in(&app.user("mallory@example.com").await).await;
    let own = thief.ask_for_passkey().await;
    let sent = thief.submit(&own, "passkey", &[("answer", &answer), ("ticket", &ticket)]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn pk_008_the_name_that_an_answer_gives_is_the_owners_or_it_counts_for_nobody() {
    let House { app, mut device } = house().await;
    let mallory = app.user("mallory@example.com").await;
    for handle in [mallory.id.as_bytes().to_vec(), Vec::new(), b"alice@example.com".to_vec()] {
        device.user_handle = handle;
        let (mut browser, page) = login(&app).await;
        assert!(refused(&browser.use_passkey(&page, &mut device).await));
    }
    // A proof of Mallory's session is not to be had by a passkey of Alice.
    let mut browser = app.signed_in(&mallory).await;
    app.clock.advance(Duration::from_mins(20));
    let mut hers = Authenticator::new(ISSUER, "mallory");
    let asked = browser.ask_for_passkey().await;
    let proved = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    let answer = hers.create(&options(&proved));
    assert!(browser.submit(&proved, "passkey", &[("answer", &answer)]).await.has("saved"));
    app.clock.advance(Duration::from_mins(20));
    let asked = browser.ask_for_passkey().await;
    device.user_handle = mallory.id.as_bytes().to_vec();
    let sent = browser.use_passkey(&asked, &mut device).await;
    assert!(sent.has("step-up") && sent.status.is_client_error());
    let page = browser.get("/account/security").await;
    let asked = browser.submit(&page, "passkey-add", &[]).await;
    let confirmed = browser.use_passkey(&asked, &mut hers).await;
    assert!(confirmed.has("passkey-new"), "{}", confirmed.body);
}

#[tokio::test]
async fn pk_010_a_counter_that_does_not_count_up_gives_a_copied_key_away() {
    let app = TestApp::new().await;
    let alice = app.user("alice@example.com").await;
    let mut device = Authenticator::new(ISSUER, "counting");
    device.count = 5;
    app.signed_in(&alice).await.add_passkey(&mut device, "").await;
    let (mut browser, page) = login(&app).await;
    assert!(is_signed_in(&browser.use_passkey(&page, &mut device).await));
    for count in [0, 4, 5] {
        // What the copy counts up to is no more than what the key itself came to.
        device.count = count;
        let (mut browser, page) = login(&app).await;
        assert_eq!(browser.use_passkey(&page, &mut device).await.status, StatusCode::FORBIDDEN, "{count}");
    }
    assert_eq!(app.audit(AuditKind::PasskeySuspected).await.len(), 3);
    device.count = 6;
    let (mut browser, page) = login(&app).await;
    assert!(is_signed_in(&browser.use_passkey(&page, &mut device).await));
}

#[tokio::test]
async fn pk_010_whether_a_key_may_be_copied_does_not_change() {
    let House { app, mut device } = house().await;
    // The audit log says when it did. That what may not be copied is copied is nothing that an authenticator says.
    for (flags, suspected) in [(UP | UV | BE, 1), (UP | UV | BE | BS, 2), (UP | UV | BS, 2)] {
        device.flags = flags;
        let (mut browser, page) = login(&app).await;
        assert!(refused(&browser.use_passkey(&page, &mut device).await), "{flags:#x}");
        let entries = app.audit(AuditKind::PasskeySuspected).await;
        assert_eq!(entries.len(), suspected, "{flags:#x}");
        let alice = app.user_of("alice@example.com").await.id;
        assert!(entries.iter().all(|one| one.user == Some(alice) && one.detail.as_deref() == Some("phone")));
    }
    // One that may be is, and no longer is: that changes.
    let bob = app.user("bob@example.com").await;
    let mut synced = Authenticator::new(ISSUER, "bob");
    synced.flags = UP | UV | BE;
    app.signed_in(&bob).await.add_passkey(&mut synced, "").await;
    for flags in [UP | UV | BE | BS, UP | UV | BE] {
        synced.flags = flags;
        let (mut browser, page) = login(&app).await;
        assert!(is_signed_in(&browser.use_passkey(&page, &mut synced).await));
        let stored = app.passkeys.of(bob.id).await.unwrap().remove(0);
        assert_eq!(stored.backup.is_backed_up(), flags & BS != 0);
    }
}

#[tokio::test]
async fn pk_010_a_removed_passkey_signs_in_nowhere_and_ends_what_came_before() {
    let House { app, mut device } = house().await;
    let node = app.second_node().await;
    let (mut lost, page) = login(&app).await;
    assert!(is_signed_in(&lost.use_passkey(&page, &mut device).await));
    let (mut browser, page) = login(&app).await;
    let signed_in = browser.submit(&page, "login", &[("email", "alice@example.com"), ("password", PASSWORD)]).await;
    assert!(is_signed_in(&signed_in));
    let section = browser.get("/account/security").await;
    let form = section.form_to("/account/passkeys/change");
    let asked = browser.send_form(&section, form, &[("do", "remove")]).await;
    assert!(asked.has("step-up"), "the password alone takes none away: {}", asked.body);
    let removed = browser.use_passkey(&asked, &mut device).await;
    assert!(removed.has("saved") && is_signed_in(&removed), "{}", removed.body);
    assert!(!is_signed_in(&lost.get("/account").await), "whoever has the device");
    let mut elsewhere = node.browser();
    let page = elsewhere.get("/login").await;
    let sent = elsewhere.use_passkey(&page, &mut device).await;
    assert!(refused(&sent) && sent.body.contains("signalUnknownCredential"), "{}", sent.body);
    assert_eq!(app.audit(AuditKind::PasskeyRemoved).await.len(), 1);
}

#[tokio::test]
async fn pk_010_an_account_that_is_switched_off_is_not_signed_in_to() {
    let House { app, mut device } = house().await;
    let alice = app.user_of("alice@example.com").await;
    let off = haechi::model::User { status: haechi::model::user::UserStatus::Disabled, ..alice };
    app.commit(vec![haechi::store::Change::UpdateUser(off)]).await;
    let (mut browser, page) = login(&app).await;
    assert_eq!(browser.use_passkey(&page, &mut device).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn sess_017_half_a_login_that_waits_for_a_passkey_opens_nothing() {
    let House { app, mut device } = house().await;
    let mut hers = Authenticator::new(ISSUER, "mallory");
    let mallory = app.user("mallory@example.com").await;
    app.signed_in(&mallory).await.add_passkey(&mut hers, "").await;
    app.decide_sign_in(|policy| policy.second_factor = FactorPolicy::Required).await;
    let (mut browser, page) = login(&app).await;
    let asked = app.password_in(&mut browser, &page, "alice@example.com").await;
    assert!(asked.has("second-step"), "{}", asked.body);
    for path in ["/account", "/account/security", "/account/passkeys/offer", "/admin", "/continue"] {
        assert!(!is_signed_in(&browser.get(path).await), "{path}");
    }
    // Neither a form for a code nor one without an answer is a way around it, and no app is added beside it.
    let handle = asked.form("passkey").field("login").unwrap().to_owned();
    for extra in [("code", "000000"), ("name", "Phone"), ("answer", "{}")] {
        let sent = browser.submit(&asked, "passkey", &[extra]).await;
        assert!(!is_signed_in(&sent) && !app.has_session(&browser).await, "{extra:?}");
    }
    // Another account's passkey proves nothing of this one.
    hers.user_handle = app.user_of("alice@example.com").await.id.as_bytes().to_vec();
    assert!(!is_signed_in(&browser.use_passkey(&asked, &mut hers).await));
    // Nor does another browser finish it.
    let answer = device.get(&options(&asked));
    let mut thief = app.browser();
    let own = thief.get("/login").await;
    let fields = [("login", handle.as_str()), ("answer", &answer), ("csrf", &app.csrf(&thief, "/second-step").await)];
    assert!(own.has("login") && !thief.post_once("/second-step", &fields).await.status.is_redirection());
    assert!(is_signed_in(&browser.submit(&asked, "passkey", &[("answer", &answer)]).await));
}

#[tokio::test]
async fn pk_001_the_ticket_of_one_door_opens_no_other() {
    let House { app, mut device } = house().await;
    let mut browser = app.browser();
    let (signup, login) = (browser.get("/signup").await, browser.get("/login").await);
    let ticket = |page: &Page| page.form("passkey").field("ticket").unwrap().to_owned();
    let made = Authenticator::new(ISSUER, "new").create(&options(&signup));
    let used = device.get(&options(&login));
    for (page, answer, ticket) in [
        (&signup, &made, ticket(&login)),
        (&login, &used, ticket(&signup)),
        (&signup, &used, ticket(&signup)),
        (&login, &made, ticket(&login)),
    ] {
        let fields = [("answer", answer.as_str()), ("ticket", &ticket), ("email", "new@example.com")];
        let sent = browser.submit(page, "passkey", &fields).await;
        assert!(sent.status.is_client_error() && !is_signed_in(&sent), "{}", sent.status);
    }
    // What the sign-up page asked for is of no account that there is, and makes one of nobody who has one.
    let taken = {
        let page = browser.get("/signup").await;
        let mut again = Authenticator::new(ISSUER, "alice");
        let answer = again.create(&options(&page));
        browser.submit(&page, "passkey", &[("answer", &answer), ("email", "new@example.com")]).await
    };
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.body);
}

/// What somebody sees who signs up does not depend on whether there is such an account until all was right, and then as by a password: see
/// `identity::passkey_sign_up`.
#[tokio::test]
async fn enum_001_no_page_with_a_passkey_says_whether_there_is_an_account() {
    let House { app, device: _ } = house().await;
    let nothing = |page: &Page| {
        let asked: Value = serde_json::from_str(&options(page)).unwrap();
        (asked["allowCredentials"].clone(), asked["excludeCredentials"].clone())
    };
    let mut seen = Vec::new();
    for email in ["alice@example.com", "nobody@example.com"] {
        let mut browser = app.browser();
        let login = browser.get(&format!("/login?email={email}")).await;
        let wrong = browser.submit(&login, "login", &[("email", email), ("password", "wrong wrong wrong")]).await;
        let signup = browser.get("/signup").await;
        let malformed = browser.submit(&signup, "passkey", &[("email", email), ("answer", "{}")]).await;
        seen.push((nothing(&login), nothing(&wrong), nothing(&signup), malformed.status, malformed.text("problem")));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(!seen[0].4.is_empty());
}

#[tokio::test]
async fn pk_012_related_origins_come_from_the_configuration_alone() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/.well-known/webauthn").await.status, StatusCode::NOT_FOUND);
    let app = TestApp::with(|config| config.passkeys.related_origins = vec!["https://example.kr".to_owned()]).await;
    let page = app.browser().get("/.well-known/webauthn").await;
    let document: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(document, json!({"origins": ["https://example.kr"]}));
    let alice = app.user("alice@example.com").await;
    let mut device = Authenticator::new(ISSUER, "alice");
    app.signed_in(&alice).await.add_passkey(&mut device, "").await;
    for (origin, counts) in [("https://example.kr", true), ("https://www.example.kr", false)] {
        origin.clone_into(&mut device.origin);
        let (mut browser, page) = login(&app).await;
        assert_eq!(is_signed_in(&browser.use_passkey(&page, &mut device).await), counts, "{origin}");
    }
}

#[tokio::test]
async fn pk_009_what_is_no_answer_is_refused_and_breaks_nothing() {
    let House { app, mut device } = house().await;
    let (mut browser, page) = login(&app).await;
    let answer: Value = serde_json::from_str(&device.get(&options(&page))).unwrap();
    let mut wrong = vec![
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        "[".repeat(20_000),
        format!("{{\"a\":{}}}", "[".repeat(1000)),
        "x".repeat(40_000),
    ];
    for pointer in [
        "/id",
        "/rawId",
        "/type",
        "/response",
        "/response/signature",
        "/response/authenticatorData",
        "/response/clientDataJSON",
    ] {
        for value in [Value::Null, json!(""), json!("AA"), json!(1), json!({}), json!("A".repeat(5000))] {
            let mut changed = answer.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            // Nobody goes by `id`, which says the same as `rawId`.
            if pointer != "/id" || !changed["id"].is_string() {
                wrong.push(changed.to_string());
            }
        }
    }
    for answer in wrong {
        let sent = browser.submit(&page, "passkey", &[("answer", &answer)]).await;
        assert!(refused(&sent), "{} {}", sent.status, &answer[..answer.len().min(200)]);
    }
    let answer = answer.to_string();
    assert!(is_signed_in(&browser.submit(&page, "passkey", &[("answer", &answer)]).await), "and the page still works");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever bytes an authenticator is said to have sent, registration answers, and adds nothing.
    #[test]
    fn pk_009_no_attestation_object_breaks_the_parser(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..300) {
        use base64::Engine;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = TestApp::new().await;
            let alice = app.user("alice@example.com").await;
            let mut browser = app.signed_in(&alice).await;
            let page = browser.ask_for_passkey().await;
            let mut device = Authenticator::new(ISSUER, "alice");
            let mut answer: Value = serde_json::from_str(&device.create(&options(&page))).unwrap();
            let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let mut object = engine.decode(answer["response"]["attestationObject"].as_str().unwrap()).unwrap();
            let at = at.min(object.len() - 1);
            let end = (at + bytes.len()).min(object.len());
            object.splice(at..end, bytes.iter().copied());
            answer["response"]["attestationObject"] = engine.encode(object).into();
            let sent = browser.submit(&page, "passkey", &[("answer", &answer.to_string())]).await;
            assert!(!sent.status.is_server_error(), "{}", sent.status);
        });
    }
}
