//! Second factors: guessing, replaying, going around, taking away, and the browsers that are trusted to go without.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use haechi::identity::accounts::{Attempt, CodeRejected, Origin};
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::factor::Second;
use haechi::model::policy::FactorPolicy;
use haechi::store::Change;
use haechi::support::Digest;

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::factors::{Phone, STEP};

const ALICE: &str = "alice@example.com";

/// A house with an app, and Alice who has a phone.
async fn house() -> (TestApp, Phone) {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let alice = house.user(ALICE).await;
    let phone = house.phone_of(&alice).await;
    (house, phone)
}

fn stranger(n: u8) -> Origin {
    from([198, 51, 100, n])
}

async fn try_code(
    house: &TestApp,
    user: &User,
    typed: &str,
    login: &str,
    from: &Origin,
) -> Result<Second, CodeRejected> {
    house.accounts.prove_code(user, &Attempt { typed, login, from }).await
}

/// The page of a login in which the password was right.
async fn at_the_second_step(house: &TestApp, browser: &mut Browser) -> Page {
    let login = browser.get("/login").await;
    let page = house.password_in(browser, &login, ALICE).await;
    assert!(page.has("second-step"), "{}", page.body);
    page
}

#[tokio::test]
async fn mfa_002_a_code_counts_one_step_each_way_and_a_jumping_clock_widens_nothing() {
    let (house, phone) = house().await;
    house.clock.advance(Duration::from_secs(300));
    for (steps, counts) in [(-2, false), (2, false), (-1, true), (0, true), (1, true)] {
        let code = phone.code_in(&house, steps);
        let tried = try_code(&house, &phone.user, &code, "one", &stranger(1)).await;
        assert_eq!(tried.is_ok(), counts, "{steps}");
    }
    // Of steps that are over none comes again, however far the clock goes.
    house.clock.advance(Duration::from_hours(24) + Duration::from_secs(90));
    for steps in [-3, -2] {
        let code = phone.code_in(&house, steps);
        assert!(matches!(try_code(&house, &phone.user, &code, "two", &stranger(2)).await, Err(CodeRejected::Wrong)));
    }
    assert!(try_code(&house, &phone.user, &phone.code(&house), "two", &stranger(2)).await.is_ok());
}

#[tokio::test]
async fn mfa_002_a_code_that_a_hundred_present_at_once_lets_one_in() {
    let (house, phone) = house().await;
    let code = phone.code(&house);
    let mut tries = Vec::new();
    for n in 0..100 {
        let (accounts, user, code) = (house.accounts.clone(), phone.user.clone(), code.clone());
        tries.push(tokio::spawn(async move {
            let origin = from([203, 0, 113, n]);
            let login = format!("login {n}");
            accounts.prove_code(&user, &Attempt { typed: &code, login: &login, from: &origin }).await.is_ok()
        }));
    }
    let mut won = 0;
    for one in tries {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn mfa_003_three_codes_of_a_million_in_any_24_hours() {
    const DAY: Duration = Duration::from_hours(24);
    let (house, phone) = house().await;
    // Ten minutes before a day begins, wherever that is.
    let now = house.app.clock.now();
    let into = u64::try_from(now.seconds().rem_euclid(86_400)).unwrap();
    house.clock.advance(Duration::from_secs(2 * 86_400 - 600 - into));
    let mut looked_at = Vec::new();
    for quarter in 0..4 * 24 * 3_u32 {
        let now = house.app.clock.now();
        for n in 0..4_u8 {
            let login = format!("login {quarter} {n}");
            match try_code(&house, &phone.user, "000000", &login, &stranger(n)).await {
                Err(CodeRejected::Wrong) => looked_at.push(now),
                // It says when there is one again: a day after the first of the last three.
                Err(CodeRejected::Throttled { retry_after }) => {
                    assert_eq!(now.plus(retry_after), looked_at[looked_at.len() - 3].plus(DAY), "{quarter} {n}");
                }
                other => panic!("{other:?}"),
            }
        }
        // As if somebody came at any time of the quarter.
        house.clock.advance(Duration::from_mins(15) + Duration::from_secs(u64::from(quarter % 7)));
    }
    assert!(looked_at.len() >= 9, "refused ones prolong nothing: {looked_at:?}");
    for four in looked_at.windows(4) {
        assert!(four[3].since(four[0]) >= DAY, "{four:?}");
    }
    // A recovery code is a way in for who has used the day up, or has it used up by others.
    let code = &phone.codes[0];
    assert_eq!(try_code(&house, &phone.user, code, "mine", &stranger(99)).await.unwrap(), Second::RecoveryCode);
}

#[tokio::test]
async fn mfa_003_of_a_hundred_codes_at_once_around_midnight_three_are_looked_at() {
    let (house, phone) = house().await;
    let into = u64::try_from(house.app.clock.now().seconds().rem_euclid(86_400)).unwrap();
    house.clock.advance(Duration::from_secs(2 * 86_400 - 1 - into));
    let nodes = [house.second_node().await, house.second_node().await];
    let mut tries = Vec::new();
    for n in 0..100_u8 {
        let (accounts, user) = (nodes[usize::from(n % 2)].accounts.clone(), phone.user.clone());
        tries.push(tokio::spawn(async move {
            let (login, from) = (format!("login {n}"), stranger(n));
            let tried = accounts.prove_code(&user, &Attempt { typed: "000000", login: &login, from: &from }).await;
            matches!(tried, Err(CodeRejected::Wrong))
        }));
        if n == 50 {
            house.clock.advance(Duration::from_secs(1));
        }
    }
    let mut looked_at = 0;
    for one in tries {
        looked_at += usize::from(one.await.unwrap());
    }
    assert_eq!(looked_at, 3);
}

#[tokio::test]
async fn mfa_003_right_codes_use_none_of_them_up() {
    let (house, phone) = house().await;
    for n in 0..8 {
        try_code(&house, &phone.user, &phone.code(&house), &format!("{n}"), &stranger(n)).await.unwrap();
        house.clock.advance(STEP);
    }
}

#[tokio::test]
async fn enum_005_wrong_codes_count_over_new_logins_and_no_right_password_takes_them_back() {
    let (house, phone) = house().await;
    for n in 0..3 {
        // Each from a browser of its own, in a login of its own, with the right password.
        let mut mallory = house.browser();
        let page = at_the_second_step(&house, &mut mallory).await;
        let page = mallory.submit(&page, "second", &[("code", "000 000")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
        assert!(!house.has_session(&mallory).await);
    }
    let mut mallory = house.browser();
    let page = at_the_second_step(&house, &mut mallory).await;
    let page = mallory.submit(&page, "second", &[("code", &phone.code(&house))]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one is looked at");
    assert!(!house.has_session(&mallory).await);
    assert_eq!(house.audit(AuditKind::SecondFactorFailed).await.len(), 3);
}

#[tokio::test]
async fn enum_005_a_browser_that_proved_the_account_before_is_no_victim_of_strangers() {
    let (house, phone) = house().await;
    let own = Origin { browser: Some(Digest::sha256(b"alice")), ..stranger(1) };
    try_code(&house, &phone.user, &phone.code(&house), "first", &own).await.unwrap();
    house.clock.advance(STEP);
    for n in 0..20 {
        let _ = try_code(&house, &phone.user, "000000", &format!("{n}"), &stranger(2)).await;
    }
    assert!(matches!(
        try_code(&house, &phone.user, &phone.code(&house), "other", &stranger(3)).await,
        Err(CodeRejected::Throttled { .. })
    ));
    try_code(&house, &phone.user, &phone.code(&house), "second", &own).await.unwrap();
}

#[tokio::test]
async fn mfa_005_a_recovery_code_works_once_and_a_new_set_ends_the_old_one() {
    let (house, phone) = house().await;
    assert_eq!(phone.codes.len(), 10);
    let first = phone.codes[0].clone();
    let mut tries = Vec::new();
    for n in 0..50 {
        let (accounts, user, code) = (house.accounts.clone(), phone.user.clone(), first.clone());
        tries.push(tokio::spawn(async move {
            let origin = from([203, 0, 113, n]);
            let login = format!("login {n}");
            accounts.prove_code(&user, &Attempt { typed: &code, login: &login, from: &origin }).await.is_ok()
        }));
    }
    let mut won = 0;
    for one in tries {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!(won, 1);
    house.clock.advance(Duration::from_mins(15));
    assert!(try_code(&house, &phone.user, &first, "again", &stranger(1)).await.is_err());
    assert_eq!(house.accounts.factors(phone.user.id).await.unwrap().recovery_codes, 9);
    let proof = house.proof_of(&phone.user);
    house.accounts.renew_recovery_codes(&proof).await.unwrap();
    house.clock.advance(Duration::from_mins(15));
    assert!(try_code(&house, &phone.user, &phone.codes[1], "old", &stranger(2)).await.is_err());
    assert_eq!(house.accounts.factors(phone.user.id).await.unwrap().recovery_codes, 10);
}

#[tokio::test]
async fn sess_017_half_a_login_opens_nothing() {
    let (house, phone) = house().await;
    let mut mallory = house.browser();
    let login = mallory.get(&Ask::of("app").url()).await;
    let flow = login.form("login").field("flow").unwrap().to_owned();
    let second = house.password_in(&mut mallory, &login, ALICE).await;
    assert!(second.has("second-step"));
    assert!(!house.has_session(&mallory).await, "no session, and no cookie of one");
    assert_eq!(mallory.cookie(mallory.session_cookie_name()), None);
    // Going on with the app's request, beginning again, and every other door.
    assert!(mallory.get(&format!("/continue?flow={flow}")).await.has("login"));
    assert!(mallory.get(&Ask::of("app").url()).await.has("login"));
    assert_eq!(mallory.get(&Ask::of("app").with("prompt", "none").url()).await.error(), "login_required");
    for path in ["/account", "/account/security", "/account/sessions", "/account/data", "/admin", "/admin/people"] {
        let page = mallory.get(path).await;
        assert!(page.url.path() == "/login" && page.has("login"), "{path} is {}", page.url);
    }
    assert!(mallory.get(&format!("/consent?flow={flow}")).await.has("login"));
    // The record is of this browser.
    let mut other = house.browser();
    other.ensure_cookie().await;
    let page = other.get(second.url.as_str()).await;
    assert!(page.has("error") && !page.has("second"), "{}", page.body);
    // And leads on where its own browser has the code.
    let done = mallory.submit(&second, "second", &[("code", &phone.code(&house))]).await;
    assert!(done.answer().contains_key("code"));
    let again = mallory.submit_once(&second, "second", &[("code", &phone.code_in(&house, 1))]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "it was taken: {}", again.body);
}

#[tokio::test]
async fn sess_017_what_ends_the_account_s_sign_ins_ends_half_a_login() {
    for disabled in [false, true] {
        let (house, phone) = house().await;
        let mut alice = house.browser();
        let page = at_the_second_step(&house, &mut alice).await;
        if disabled {
            let edit = haechi::model::user_edit::UserEdit {
                status: Some(haechi::model::user::UserStatus::Disabled),
                ..haechi::model::user_edit::UserEdit::new(phone.user.id, phone.user.updated_at)
            };
            house.commit(vec![Change::EditUser(edit)]).await;
        } else {
            house.accounts.sign_out_everywhere(phone.user.id).await.unwrap();
        }
        let after = alice.submit(&page, "second", &[("code", &phone.code(&house))]).await;
        assert!(after.has("error"), "{}", after.body);
        assert!(!house.has_session(&alice).await);
    }
}

#[tokio::test]
async fn sess_017_enrolment_that_is_required_cannot_be_skipped_and_comes_back_to_the_app() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let alice = house.user(ALICE).await;
    house.decide_sign_in(|sign_in| sign_in.second_factor = FactorPolicy::Required).await;
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let add = house.password_in(&mut browser, &login, ALICE).await;
    assert!(add.has("second-step-add") && !house.has_session(&browser).await);
    assert!(browser.get("/account").await.has("login"));
    let wrong = browser.submit(&add, "second", &[("code", "000000"), ("name", "Phone")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let phone = Phone::reading(&add, &alice);
    let codes = browser.submit(&wrong, "second", &[("code", &phone.code(&house)), ("name", "Phone")]).await;
    assert_eq!(codes.text("codes").lines().count(), 10);
    let answer = browser.get_once(&codes.link("go-on")).await.answer();
    let (_, claims) = house.id_token("app", &answer["code"]).await;
    assert_eq!(claims["acr"], "urn:haechi:acr:2fa");
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn sess_017_a_policy_that_is_raised_while_a_session_lives_holds_on_every_surface() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let owner = house.administrator("owner@example.com").await;
    let mut browser = house.signed_in(&owner).await;
    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
    house.decide_sign_in(|sign_in| sign_in.second_factor = FactorPolicy::Required).await;
    for path in ["/account", "/account/security", "/account/data", "/admin", "/admin/people", "/admin/settings"] {
        let page = browser.get(path).await;
        assert!(page.has("second-step-add"), "{path}: {}", page.url);
    }
    let silent = browser.get(&Ask::of("app").with("prompt", "none").url()).await;
    assert_eq!(silent.error(), "interaction_required");
    assert!(browser.get(&Ask::of("app").url()).await.has("second-step-add"));
    let csrf = house.csrf(&browser, "/account/sessions").await;
    let posted = browser.post_once("/account/sessions", &[("csrf", &csrf), ("session", "others")]).await;
    assert!(posted.location().is_some_and(|to| to.contains("/second-step")), "{:?}", posted.location());
    // And with what is missing, and no more, everything opens again.
    let add = browser.get("/admin/settings").await;
    let phone = Phone::reading(&add, &owner);
    let codes = browser.submit(&add, "second", &[("code", &phone.code(&house)), ("name", "Phone")]).await;
    assert!(codes.link("go-on").ends_with("/admin/settings"));
    assert_eq!(browser.get("/admin/settings").await.status, StatusCode::OK);
    assert!(browser.get_once(&Ask::of("app").url()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn mfa_006_a_password_alone_takes_no_factor_away() {
    let (house, phone) = house().await;
    // A session that went without the second factor: the browser is trusted.
    let mut browser = trusting(&house, &phone).await;
    house.clock.advance(Duration::from_mins(20));
    browser.get("/logout").await;
    browser = house.again_in(browser);
    let login = browser.get("/login").await;
    let account = house.password_in(&mut browser, &login, ALICE).await;
    assert!(account.url.path().starts_with("/account"), "{}", account.url);
    let security = browser.get("/account/security").await;
    let form = security.form("remove-factor");
    let asked = browser.send_form(&security, form, &[]).await;
    let asked = browser.follow(asked).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.has("code") && !asked.has("current"), "the factor, and not the password: {}", asked.body);
    let refused = browser.submit(&asked, "confirm", &[("code", ""), ("current", PASSWORD)]).await;
    assert!(refused.status.is_client_error());
    assert!(house.accounts.factors(phone.user.id).await.unwrap().any());
    let removed = browser.submit(&refused, "confirm", &[("code", &phone.codes[3])]).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    assert!(!house.accounts.factors(phone.user.id).await.unwrap().any());
    assert_eq!(house.audit(AuditKind::FactorRemoved).await.len(), 1);
}

/// A browser that Alice trusts, in which she is signed in.
async fn trusting(house: &TestApp, phone: &Phone) -> Browser {
    let mut browser = house.browser();
    let page = at_the_second_step(house, &mut browser).await;
    let account = browser.submit(&page, "second", &[("code", &phone.code(house)), ("trust", "yes")]).await;
    assert_eq!(account.url.path(), "/account", "{}", account.body);
    house.clock.advance(STEP);
    browser
}

impl TestApp {
    /// The same browser without its session.
    #[allow(clippy::unused_self, reason = "it reads as what is done beside it")]
    fn again_in(&self, mut browser: Browser) -> Browser {
        browser.set_cookie(browser.session_cookie_name(), "");
        browser
    }
}

/// Whether the password alone signs Alice in.
async fn goes_without(house: &TestApp, browser: &Browser) -> bool {
    let mut browser = house.again_in(browser.clone());
    let login = browser.get("/login").await;
    let page = house.password_in(&mut browser, &login, ALICE).await;
    page.url.path() == "/account"
}

#[tokio::test]
async fn mfa_007_a_trusted_browser_is_one_browser_of_one_account_for_a_while() {
    let (house, phone) = house().await;
    let browser = trusting(&house, &phone).await;
    assert!(goes_without(&house, &browser).await);
    // What went without it is no proof of two factors.
    let mut inside = house.again_in(browser.clone());
    let login = inside.get(&Ask::of("app").url()).await;
    let answer = house.password_in(&mut inside, &login, ALICE).await.answer();
    assert_eq!(house.id_token("app", &answer["code"]).await.1["acr"], "urn:haechi:acr:1fa");
    // Another browser, and another program that holds a copy of the cookie.
    let mut stranger = house.browser();
    stranger.ensure_cookie().await;
    assert!(!goes_without(&house, &stranger).await);
    let mut copy = house.browser();
    copy.set_cookie(copy.browser_cookie_name(), browser.cookie(browser.browser_cookie_name()).unwrap());
    copy.headers.push(("user-agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0".to_owned()));
    assert!(!goes_without(&house, &copy).await);
    // Another account in the same browser.
    let bob = house.user("bob@example.com").await;
    house.phone_of(&bob).await;
    let mut of_bob = house.again_in(browser.clone());
    let login = of_bob.get("/login").await;
    assert!(house.password_in(&mut of_bob, &login, "bob@example.com").await.has("second-step"));
    // It is over after thirty days.
    house.clock.advance(Duration::from_hours(24 * 30));
    assert!(!goes_without(&house, &browser).await);
}

#[tokio::test]
async fn mfa_007_trust_ends_with_what_it_rests_on() {
    for end in ["password", "policy", "role", "revoked"] {
        let (house, phone) = house().await;
        let mut browser = trusting(&house, &phone).await;
        assert!(goes_without(&house, &browser).await, "{end}");
        match end {
            "password" => house.accounts.sign_out_everywhere(phone.user.id).await.unwrap(),
            "policy" => house.decide_sign_in(|sign_in| sign_in.trust_browser_days = 0).await,
            "role" => {
                let edit = haechi::model::user_edit::UserEdit {
                    roles: Some(vec![haechi::model::user::Role::Auditor]),
                    ..haechi::model::user_edit::UserEdit::new(phone.user.id, phone.user.updated_at)
                };
                house.commit(vec![Change::EditUser(edit)]).await;
            }
            _ => {
                let sessions = browser.get("/account/sessions").await;
                let form = sessions.form("forget-browser");
                let done = browser.send_form(&sessions, form, &[]).await;
                assert!(done.location().is_some(), "{}", done.body);
            }
        }
        assert!(!goes_without(&house, &browser).await, "{end}");
    }
}

#[tokio::test]
async fn mfa_006_no_other_method_and_no_other_account_takes_a_factor_away() {
    let (house, phone) = house().await;
    let bob = house.user("bob@example.com").await;
    let factor = house.accounts.factors(phone.user.id).await.unwrap().all.remove(0);
    let proof = house.proof_of(&bob);
    assert!(house.accounts.remove_factor(&proof, factor.id).await.is_err());
    let mut browser = house.signed_in(&bob).await;
    let csrf = house.csrf(&browser, "/account/two-step").await;
    let fields = [("csrf", csrf.as_str()), ("action", "remove"), ("factor", &factor.id.to_string())];
    browser.post_once("/account/two-step", &fields).await;
    let deleted = browser.send(Method::DELETE, "/account/two-step", &[], None).await;
    assert_eq!(deleted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(house.accounts.factors(phone.user.id).await.unwrap().any());
}

#[tokio::test]
async fn sess_017_administrators_go_without_the_first_time_and_never_again() {
    let house = TestApp::with(|config| config.accounts.administrators_second_factor = FactorPolicy::Required).await;
    let owner = house.administrator(ALICE).await;
    let mut first = house.browser();
    let login = first.get("/login").await;
    house.password_in(&mut first, &login, ALICE).await;
    assert_eq!(first.get("/admin").await.status, StatusCode::OK);
    assert!(first.get("/admin").await.url.path() == "/admin", "nobody is locked out by having been made one");
    let mut second = house.browser();
    let login = second.get("/login").await;
    let add = house.password_in(&mut second, &login, ALICE).await;
    assert!(add.has("second-step-add") && !house.has_session(&second).await);
    assert_eq!(first.get("/admin/people").await.url.path(), "/admin/people", "the first one goes on meanwhile");
    let phone = Phone::reading(&add, &owner);
    let codes = second.submit(&add, "second", &[("code", &phone.code(&house)), ("name", "Phone")]).await;
    assert!(codes.has("recovery-codes"));
    assert_eq!(second.get("/admin").await.url.path(), "/admin");
    // With the first factor all that was signed in without it has ended.
    assert_eq!(first.get("/admin").await.url.path(), "/login");
    // And the last one stays, as the account must have one.
    let factor = house.accounts.factors(owner.id).await.unwrap().all.remove(0);
    let security = second.get("/account/security").await;
    let kept = second.send_form(&security, security.form("remove-factor"), &[]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    assert!(house.accounts.factors(owner.id).await.unwrap().find(factor.id).is_some());
}

#[tokio::test]
async fn mfa_006_an_administrator_resets_factors_for_a_reason_and_the_account_is_signed_out() {
    let house = TestApp::new().await;
    let alice = house.user(ALICE).await;
    let phone = house.phone_of(&alice).await;
    let manager = house.administrator("manager@example.com").await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    house.password_in(&mut browser, &login, "manager@example.com").await;
    let path = format!("/admin/people/{}/access", alice.id);
    let page = browser.get(&path).await;
    assert!(page.text("factors").contains("Phone"));
    let refused = browser.submit_once(&page, "reset-factors", &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(house.accounts.factors(alice.id).await.unwrap().any());
    let done = browser.submit(&page, "reset-factors", &[("reason", "phone lost, seen in person")]).await;
    assert!(done.has("no-factors"), "{}", done.body);
    let entry = house.audit(AuditKind::FactorsReset).await.remove(0);
    assert_eq!(entry.detail.as_deref(), Some("phone lost, seen in person"));
    assert_eq!(entry.actor, haechi::model::audit_event::Actor::User(manager.id));
    let now = house.stores.users.find(alice.id).await.unwrap().unwrap();
    assert_ne!(now.epoch, phone.user.epoch, "what was signed in has ended");
}

#[tokio::test]
async fn link_010_a_provider_s_word_is_one_factor_whatever_it_says() {
    let abroad = crate::upstream::Abroad::to("google").await;
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, "google").await;
    let user = {
        let people = abroad.app.stores.users.list(&haechi::store::UserQuery::default(), 10).await.unwrap();
        people.items.into_iter().next().unwrap()
    };
    let phone = abroad.app.phone_of(&user).await;
    let mut again = abroad.app.browser();
    let page = abroad.go(&mut again, "google").await;
    assert!(page.has("second-step"), "{} {}", page.url, page.body);
    assert!(!abroad.app.has_session(&again).await);
    let account = again.submit(&page, "second", &[("code", &phone.code(&abroad.app))]).await;
    assert_eq!(account.url.path(), "/account");
    let sign_in = abroad.app.app.flow.sessions.of_user(user.id).await.unwrap().remove(0);
    assert_eq!(sign_in.acr.as_str(), "urn:haechi:acr:2fa");
    assert!(
        sign_in.amr.starts_with(&["fed".to_owned()]) && sign_in.amr.contains(&"otp".to_owned()),
        "{:?}",
        sign_in.amr
    );
}
