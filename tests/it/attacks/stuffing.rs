//! Guessing at many accounts, from one network and from everywhere; and the work that guesses cost then.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use haechi::config::Config;
use haechi::identity::accounts::{Origin, SignInRejected};
use haechi::identity::throttling::Purpose;
use haechi::model::audit_event::AuditKind;

use crate::support::accounts::{PASSWORD, browser, from};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::factors::Phone;
use crate::support::work::{challenge, solution};

const ALICE: &str = "alice@example.com";
const WRONG: &str = "a wrong password";

/// What guesses cost where nothing is configured.
fn by_default(config: &mut Config) {
    let usual = haechi::config::throttling::ThrottlingConfig::default();
    config.throttling = usual;
}

fn address(number: u32) -> [u8; 4] {
    let [_, _, high, low] = number.to_be_bytes();
    // No two of one network.
    [10 + high % 100, low, high, 1]
}

async fn typed(browser: &mut Browser, page: &Page, password: &str) -> Page {
    browser.submit_once(page, "login", &[("email", ALICE), ("password", password)]).await
}

#[tokio::test]
async fn six_hundred_accounts_from_six_hundred_addresses_are_seen_on_every_node() {
    let house = TestApp::with(by_default).await;
    let nodes = [house.second_node().await, house.second_node().await];
    house.sign_up(ALICE).await;
    let home = browser([203, 0, 113, 5], "alice at home");
    let alice = house.log_in(ALICE, PASSWORD, &home).await.unwrap();
    house.accounts.signs_in_here(&alice, &home).await.unwrap();
    let mut looked_at = 0;
    for number in 0..600_u32 {
        let node = &nodes[usize::from(number % 2 == 0)];
        let guess = node.log_in(&format!("person{number}@example.com"), WRONG, &from(address(number))).await;
        match guess.unwrap_err() {
            SignInRejected::WrongCredentials => looked_at += 1,
            SignInRejected::Work => {}
            other => panic!("{other:?}"),
        }
    }
    // Not to the last one: counters that are away for a moment on a busy machine are not waited for.
    assert!((100..200).contains(&looked_at), "{looked_at}");
    // It is told once, and to who looks.
    assert_eq!(house.audit(AuditKind::GuessingSeen).await.len(), 1);
    assert!(house.throttle.failures().await.is_attack());
    let findings = haechi::doctor::house(&house.app).await;
    assert!(findings.iter().any(|found| found.about == "guessing" && found.mend.is_some()), "{findings:?}");
    let owner = house.administrator("owner@example.com").await;
    assert!(house.signed_in(&owner).await.get("/admin").await.body.contains("Needs attention"));
    // Who was here before does not notice. Who was not has to work, and then gets in.
    house.log_in(ALICE, PASSWORD, &home).await.unwrap();
    let elsewhere = browser([198, 51, 100, 7], "alice elsewhere");
    assert!(matches!(house.log_in(ALICE, PASSWORD, &elsewhere).await, Err(SignInRejected::Work)));
    house.log_in(ALICE, PASSWORD, &Origin { worked: true, ..elsewhere }).await.unwrap();
    // And nothing lasts.
    house.clock.advance(Duration::from_mins(15));
    house.log_in(ALICE, PASSWORD, &browser([198, 51, 100, 8], "another")).await.unwrap();
    assert!(!house.throttle.failures().await.is_attack());
}

#[tokio::test]
async fn what_is_usual_on_a_large_server_is_no_attack() {
    let house = TestApp::with(|config| {
        by_default(config);
        config.throttling.password_failures_everywhere = 3;
    })
    .await;
    for window in 0..96_u32 {
        for number in 0..3 {
            let email = format!("person{window}x{number}@example.com");
            house.log_in(&email, WRONG, &from(address(window * 3 + number))).await.unwrap_err();
        }
        house.clock.advance(Duration::from_mins(15));
    }
    let mut looked_at = 0;
    for number in 0..20 {
        let guess = house.log_in(&format!("other{number}@example.com"), WRONG, &from(address(5000 + number))).await;
        looked_at += u32::from(matches!(guess, Err(SignInRejected::WrongCredentials)));
    }
    assert_eq!(looked_at, 3 * 3 + 1, "three times what is usual");
}

#[tokio::test]
async fn one_network_against_many_accounts_is_slowed_alone() {
    let house = TestApp::with(|config| {
        by_default(config);
        config.throttling.password_failures_per_network = 20;
    })
    .await;
    house.sign_up(ALICE).await;
    for (network, other) in [("192.0.2", "192.0.3.1"), ("2001:db8:1:2", "2001:db8:2::1")] {
        let mut looked_at = 0;
        for number in 0..60 {
            let address =
                if network.contains(':') { format!("{network}{number:02x}::1") } else { format!("{network}.{number}") };
            let guess = house.log_in(&format!("p{network}{number}@example.com"), WRONG, &from(ip(&address))).await;
            looked_at += u32::from(matches!(guess, Err(SignInRejected::WrongCredentials)));
        }
        assert_eq!(looked_at, 21, "{network}");
        house.log_in(ALICE, PASSWORD, &browser(ip(other), other)).await.unwrap();
    }
    let told: Vec<_> =
        house.audit(AuditKind::GuessingSeen).await.into_iter().filter_map(|event| event.detail).collect();
    assert!(told.len() == 2 && told.iter().any(|said| said.contains("192.0.2.0/24")), "{told:?}");
}

fn ip(text: &str) -> std::net::IpAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn work_is_asked_for_after_repeated_guesses_and_lets_the_right_one_in() {
    let house = TestApp::with(by_default).await;
    house.user(ALICE).await;
    let mut browser = house.browser();
    let mut page = browser.get("/login").await;
    assert!(!page.has("work"), "never at first");
    for guess in 1..=4 {
        page = typed(&mut browser, &page, WRONG).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.has("work"), guess == 4, "the browser begins while the next one is typed: {guess}");
    }
    let (_, bits) = challenge(&page, "login");
    assert_eq!(bits, 16);
    page = typed(&mut browser, &page, PASSWORD).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "not looked at");
    assert!(page.header("content-security-policy").unwrap().contains("worker-src 'self'"));
    let (text, bits) = challenge(&page, "login");
    // Neither without it, nor with another number.
    for work in [text.clone(), format!("{text}.1"), format!("{text}.{}", "9".repeat(30)), String::new()] {
        let fields = [("email", ALICE), ("password", PASSWORD), ("work", work.as_str())];
        let again = browser.submit_once(&page, "login", &fields).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN, "{work}");
    }
    let solved = solution(&text, bits);
    // It is this browser's: another one cannot use it.
    let mut other = house.browser();
    let mut others = other.get("/login").await;
    for _ in 0..5 {
        others = typed(&mut other, &others, WRONG).await;
    }
    let fields = [("email", ALICE), ("password", PASSWORD), ("work", solved.as_str())];
    assert_eq!(other.submit_once(&others, "login", &fields).await.status, StatusCode::FORBIDDEN);
    let wrong = [("email", ALICE), ("password", WRONG), ("work", solved.as_str())];
    assert_eq!(browser.submit_once(&page, "login", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // It counts once.
    assert_eq!(browser.submit_once(&page, "login", &fields).await.status, StatusCode::FORBIDDEN);
    let page = typed(&mut browser, &page, PASSWORD).await;
    let (text, bits) = challenge(&page, "login");
    assert_eq!(bits, 17, "the further one is dearer, by what was met and not by what was asked for");
    let solved = solution(&text, bits);
    let fields = [("email", ALICE), ("password", PASSWORD), ("work", solved.as_str())];
    assert!(browser.submit_once(&page, "login", &fields).await.status.is_redirection());
}

#[tokio::test]
async fn who_runs_no_script_waits_instead_and_no_shorter() {
    let house = TestApp::with(by_default).await;
    house.user(ALICE).await;
    let mut browser = house.browser();
    let mut page = browser.get("/login").await;
    for _ in 0..4 {
        page = typed(&mut browser, &page, WRONG).await;
    }
    assert!(page.body.contains("wait 8 seconds"), "{}", page.body);
    // A sum is spoken of by scripts only, and of waiting where there are none.
    assert!(
        page.body.contains("<noscript><p class=\"hint\" id=\"work-wait\">Your browser runs no scripts"),
        "{}",
        page.body
    );
    assert_eq!(page.html().root_element().text().filter(|text| text.contains("small sum")).count(), 0);
    house.clock.advance(Duration::from_secs(7));
    let early = typed(&mut browser, &page, PASSWORD).await;
    assert!(early.has("work"));
    house.clock.advance(Duration::from_secs(2));
    let page = typed(&mut browser, &page, PASSWORD).await;
    assert!(page.status.is_redirection(), "{}", page.body);
}

/// A browser that the account knows is not asked because of strangers, but it is because of what is guessed there.
#[tokio::test]
async fn who_finds_a_browser_that_the_account_knows_works_for_guesses_too() {
    let house = TestApp::with(by_default).await;
    house.sign_up(ALICE).await;
    let home = browser([203, 0, 113, 5], "alice at home");
    let alice = house.log_in(ALICE, PASSWORD, &home).await.unwrap();
    house.accounts.signs_in_here(&alice, &home).await.unwrap();
    for _ in 0..4 {
        assert!(!house.accounts.password_asks_work(ALICE, &home).await.unwrap());
        assert!(matches!(house.log_in(ALICE, WRONG, &home).await, Err(SignInRejected::WrongCredentials)));
    }
    assert!(house.accounts.password_asks_work(ALICE, &home).await.unwrap());
    assert!(matches!(house.log_in(ALICE, PASSWORD, &home).await, Err(SignInRejected::Work)));
    house.log_in(ALICE, PASSWORD, &Origin { worked: true, ..home }).await.unwrap();
}

/// The script of the login page asks with the name alone, and is told the same whether there is such an account.
#[tokio::test]
async fn the_login_form_asks_before_it_sends_a_password() {
    let house = TestApp::with(by_default).await;
    house.user(ALICE).await;
    for email in [ALICE, "nobody@example.com"] {
        let mut browser = house.browser();
        let page = browser.get("/login").await;
        assert!(page.header("content-security-policy").unwrap().contains("worker-src 'self'"));
        let ask = [("email", email), ("ask", "work")];
        for _ in 0..10 {
            let told = browser.submit_once(&page, "login", &ask).await;
            assert_eq!((told.status, told.body.as_str()), (StatusCode::NO_CONTENT, ""), "asking is no guess");
        }
        // Guesses from elsewhere on this address: this page knows nothing of them.
        let mut other = house.browser();
        let mut guessing = other.get("/login").await;
        for _ in 0..4 {
            guessing = other.submit_once(&guessing, "login", &[("email", email), ("password", WRONG)]).await;
        }
        let told = browser.submit_once(&page, "login", &ask).await;
        assert_eq!(told.status, StatusCode::OK);
        let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        let solved = solution(told["challenge"].as_str().unwrap(), told["bits"].as_u64().unwrap().try_into().unwrap());
        let fields = [("email", email), ("password", PASSWORD), ("work", solved.as_str())];
        let done = browser.submit_once(&page, "login", &fields).await;
        let expected = if email == ALICE { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(done.status, expected, "{}", done.body);
    }
}

#[tokio::test]
async fn a_challenge_is_for_one_purpose_and_ten_minutes() {
    let house = TestApp::with(by_default).await;
    let own = browser([192, 0, 2, 1], "own");
    let throttle = &house.throttle;
    let asked = throttle.ask_work(Purpose::Password, &own).await.unwrap();
    let solved = solution(&asked.text, asked.bits);
    assert!(!throttle.worked(Some(&solved), Purpose::Code, &own).await);
    assert!(!throttle.worked(Some(&solved), Purpose::Password, &browser([192, 0, 2, 1], "another")).await);
    assert!(throttle.worked(Some(&solved), Purpose::Password, &own).await);
    let asked = throttle.ask_work(Purpose::Password, &own).await.unwrap();
    house.clock.advance(Duration::from_mins(11));
    assert!(!throttle.worked(Some(&solution(&asked.text, asked.bits)), Purpose::Password, &own).await);
    assert!(throttle.ask_work(Purpose::Password, &from([192, 0, 2, 1])).await.is_none());
    // Of many who present one at once, one did the work.
    let asked = throttle.ask_work(Purpose::Code, &own).await.unwrap();
    let solved = Arc::new(solution(&asked.text, asked.bits));
    let mut tries = Vec::new();
    for _ in 0..50 {
        let (throttle, solved) = (house.throttle.clone(), solved.clone());
        tries.push(tokio::spawn(async move { throttle.worked(Some(&solved), Purpose::Code, &own).await }));
    }
    let mut won = 0;
    for one in tries {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn codes_are_worked_for_too() {
    let house = TestApp::with(|config| config.throttling.guesses_before_work = 2).await;
    let alice = house.user(ALICE).await;
    let phone: Phone = house.phone_of(&alice).await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    let mut page = house.password_in(&mut browser, &login, ALICE).await;
    for guess in 1..=2 {
        page = browser.submit(&page, "second", &[("code", "000 000")]).await;
        assert_eq!(page.has("work"), guess == 2);
    }
    page = browser.submit(&page, "second", &[("code", "000 000")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let (text, bits) = challenge(&page, "second");
    let code = phone.code(&house);
    let solved = solution(&text, bits);
    let page = browser.submit_once(&page, "second", &[("code", &code), ("work", &solved)]).await;
    assert!(page.status.is_redirection(), "{}", page.body);
}
