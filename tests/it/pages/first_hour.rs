//! The first hour: a server that waits for its administrator, the link that makes one, the page where one begins, and pages that are asked for
//! before anybody is signed in.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::claim::{LINK_LIFETIME, issue_link};
use haechi::admin::{Authority, users};
use haechi::model::User;
use haechi::model::policy::FactorPolicy;
use haechi::model::user::Role;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};

const KIM: &str = "kim@example.com";

/// A fresh claim link.
async fn link(house: &TestApp) -> String {
    let token = issue_link(&house.admin, &Authority::operator()).await.unwrap();
    format!("/claim?token={}", token.text.expose())
}

async fn administrator(house: &TestApp) -> User {
    let user = house.user(KIM).await;
    users::set_roles(&house.admin, &Authority::operator(), user.id, vec![Role::Administrator]).await.unwrap()
}

async fn log_in(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "login", &[("email", KIM), ("password", PASSWORD)]).await
}

async fn is_administrator(house: &TestApp, email: &str) -> bool {
    let email = haechi::model::user::EmailAddress::parse(email).unwrap();
    house.stores.users.find_by_email(&email).await.unwrap().is_some_and(|user| user.is_administrator())
}

#[tokio::test]
async fn an_unclaimed_server_says_so_on_every_page_until_it_is_claimed() {
    let house = TestApp::new().await;
    let mut browser = house.browser();
    for path in ["/login", "/signup", "/signed-out", "/claim", "/nowhere"] {
        let page = browser.get(path).await;
        assert!(page.text("unclaimed").contains("haechi claim"), "{path}: {}", page.body);
    }
    browser.headers.push(("accept-language", "ko".to_owned()));
    assert!(browser.get("/login").await.text("unclaimed").contains("관리자"));

    let page = browser.get(&link(&house).await).await;
    let page = browser.submit(&page, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert!(!page.has("unclaimed"), "{}", page.body);
    assert!(!house.browser().get("/login").await.has("unclaimed"));
    let second = house.second_node().await;
    assert!(!second.browser().get("/login").await.has("unclaimed"));
}

#[tokio::test]
async fn who_claims_the_server_begins_at_the_first_steps() {
    let house = TestApp::new().await;
    let mut browser = house.browser();
    let page = browser.get(&link(&house).await).await;
    let page = browser.submit(&page, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/admin/setup"), "{}", page.body);
    let page = browser.get(&page.link("later")).await;
    for (step, command) in [
        ("first-app", "haechi clients create"),
        ("doctor", "haechi doctor"),
        ("second-administrator", "haechi users create --administrator"),
    ] {
        assert!(page.text(step).contains(command), "{}", page.text(step));
        assert!(!page.text(step).contains("done"), "{}", page.text(step));
    }
    assert_eq!(next_step(&page), ["first-app"]);
    house.client("shop", |_| ()).await;
    let page = browser.get("/admin").await;
    assert!(page.text("first-app").contains("done"), "{}", page.text("first-app"));
    assert_eq!(next_step(&page), ["first-login"]);
    let mut person = house.signed_in(&house.user("lee@example.com").await).await;
    assert_eq!(person.get("/admin").await.problem(), "forbidden");
}

/// The link is the operator's, and the account its owner's: whoever has its password alone gets no role by both.
#[tokio::test]
async fn an_account_with_a_second_factor_claims_the_server_by_no_less() {
    let house = TestApp::new().await;
    let kim = house.user(KIM).await;
    let phone = house.phone_of(&kim).await;
    let link = link(&house).await;
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    let asked = browser.submit(&page, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert!(asked.has("second-step"), "{}", asked.body);
    assert_eq!(house.user_of(KIM).await.roles, []);
    let back = browser.submit(&asked, "second", &[("code", &phone.code(&house))]).await;
    assert_eq!(back.url.path(), "/claim", "{}", back.body);
    let done = browser.send_form(&back, back.form_to("/account/claim"), &[]).await;
    assert_eq!(browser.follow(done).await.url.path(), "/admin/setup");
    assert_eq!(house.user_of(KIM).await.roles, [haechi::model::user::Role::Owner]);
}

/// Who owns a server needs a second factor, and a passkey is one.
#[tokio::test]
async fn an_account_with_a_passkey_claims_the_server_by_it() {
    let house = TestApp::with(|config| config.accounts.administrators_second_factor = FactorPolicy::Required).await;
    let kim = house.user(KIM).await;
    let mut device = Authenticator::new(house.issuer(), "kim");
    house.signed_in(&kim).await.add_passkey(&mut device, "").await;
    let link = link(&house).await;
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    let back = browser.submit(&page, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert_eq!(back.url.path(), "/claim", "{}", back.body);
    let sent = browser.send_form(&back, back.form_to("/account/claim"), &[]).await;
    let asked = browser.follow(sent).await;
    assert!(asked.has("step-up") && !asked.has("confirm"), "{}", asked.body);
    assert!(house.user_of(KIM).await.roles.is_empty());
    assert_eq!(browser.use_passkey(&asked, &mut device).await.url.path(), "/admin/setup");
}

/// The step that the page says to take now.
fn next_step(page: &Page) -> Vec<String> {
    let html = page.html();
    html.select(&".steps [aria-current=step]".try_into().unwrap())
        .map(|step| step.attr("id").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_start_page_says_which_providers_there_are_and_leads_to_them() {
    let house = TestApp::new().await;
    administrator(&house).await;
    let mut browser = house.browser();
    let login = browser.get("/admin").await;
    let page = log_in(&mut browser, &login).await;
    assert!(page.text("providers").starts_with("No provider"), "{}", page.body);
    let presets = browser.get(&page.link("add-provider")).await;
    assert_eq!((presets.status, presets.url.path()), (StatusCode::OK, "/admin/presets"));
    let create = browser.get(&presets.link("preset-google")).await;
    let made = browser.submit(&create, "create", &[("client_id", "app.example"), ("client_secret", "canary")]).await;
    // From each of them the start page is one step away.
    assert!(made.body.contains("href=\"/admin\"") && presets.body.contains("href=\"/admin\""), "{}", made.body);
    let page = browser.get("/admin").await;
    assert_eq!(page.text("providers"), "Google (off)");
    let list = browser.get(&page.link("to-connections")).await;
    assert_eq!((list.status, list.url.path()), (StatusCode::OK, "/admin/connections"));
    browser.submit(&list, "state-google", &[("state", "on")]).await;
    assert_eq!(browser.get("/admin").await.text("providers"), "Google");
}

#[tokio::test]
async fn a_link_that_is_worth_nothing_says_so_before_a_form_is_filled_in() {
    let house = TestApp::new().await;
    let (older, newer) = (link(&house).await, link(&house).await);
    let mut browser = house.browser();
    for dead in [older.as_str(), "/claim", "/claim?token=hott_made-up"] {
        let page = browser.get(dead).await;
        assert!(page.status == StatusCode::GONE && page.has("claim-spent") && !page.has("claim"), "{dead}");
    }
    assert!(browser.get(&newer).await.has("claim"), "looking spends nothing");
    house.clock.advance(LINK_LIFETIME + Duration::from_secs(1));
    assert!(browser.get(&newer).await.has("claim-spent"));

    let last = link(&house).await;
    administrator(&house).await;
    let page = browser.get(&last).await;
    assert!(page.status == StatusCode::GONE && page.has("claimed"), "{}", page.body);
    let button =
        page.html().select(&"#claimed a.button".try_into().unwrap()).next().unwrap().attr("href").unwrap().to_owned();
    let login = browser.get(&button).await;
    let page = log_in(&mut browser, &login).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/admin"), "and leads to where one signs in");
}

#[tokio::test]
async fn an_account_that_there_is_becomes_administrator_after_its_password() {
    let house = TestApp::new().await;
    house.user(KIM).await;
    let link = link(&house).await;
    let mut browser = house.browser();
    let page = browser.get(&link).await;
    let wrong = browser.submit(&page, "claim", &[("email", KIM), ("password", "something else entirely")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("password-problem") && !is_administrator(&house, KIM).await, "{}", wrong.body);
    let page = browser.submit(&wrong, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/admin/setup"), "{}", page.body);
    assert!(is_administrator(&house, KIM).await);
}

#[tokio::test]
async fn a_link_that_is_spent_tells_nothing_of_accounts() {
    let house = TestApp::new().await;
    house.user(KIM).await;
    let (older, _) = (link(&house).await, link(&house).await);
    let mut browser = house.browser();
    browser.ensure_cookie().await;
    let page = browser.get("/signup").await;
    drop(page);
    let csrf = haechi::http::csrf::token(
        &house.app,
        &haechi::http::extract::Browser { secret: browser.visitor().browser, known: true },
        haechi::http::csrf::DrawnFor::Browser,
        "/claim",
    );
    let token = older.split_once("token=").unwrap().1;
    for email in [KIM, "nobody@example.com"] {
        let fields = [("csrf", csrf.as_str()), ("token", token), ("email", email), ("password", PASSWORD)];
        assert!(browser.post_once("/claim", &fields).await.has("claim-spent"), "{email}");
    }
    assert!(!is_administrator(&house, KIM).await);
}

#[tokio::test]
async fn who_is_signed_in_becomes_administrator_after_a_proof() {
    let house = TestApp::new().await;
    let user = house.user(KIM).await;
    let mut browser = house.signed_in(&user).await;
    // Long after signing in, the account is proved first; the link waits.
    house.clock.advance(Duration::from_secs(3600));
    let link = link(&house).await;
    let page = browser.get(&link).await;
    assert!(page.text("claim-current").contains(KIM), "{}", page.body);
    let asked = browser.submit(&page, "claim-as", &[]).await;
    assert!(asked.has("step-up") && asked.body.contains(KIM) && !is_administrator(&house, KIM).await);
    let page = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/admin/setup"), "{}", page.body);
    assert!(is_administrator(&house, KIM).await);
    let again = browser.get(&link).await;
    assert!(again.has("claimed"));
}

#[tokio::test]
async fn who_signs_in_first_comes_back_to_the_link() {
    let house = TestApp::new().await;
    house.user(KIM).await;
    let mut browser = house.browser();
    let page = browser.get(&link(&house).await).await;
    let login = browser.get(&page.link("to-sign-in")).await;
    let back = log_in(&mut browser, &login).await;
    assert_eq!(back.url.path(), "/claim");
    let page = browser.submit(&back, "claim-as", &[]).await;
    assert_eq!(
        (page.status, page.url.path()),
        (StatusCode::OK, "/admin/setup"),
        "just signed in: that is proof enough"
    );
}

#[tokio::test]
async fn a_page_that_was_asked_for_is_come_back_to_after_signing_in() {
    let house = TestApp::new().await;
    administrator(&house).await;
    for deep in ["/admin", "/admin/connections", "/admin/presets", "/account/profile?done=saved"] {
        let mut browser = house.browser();
        let login = browser.get(deep).await;
        assert!(login.has("login"), "{deep}: {}", login.body);
        let page = log_in(&mut browser, &login).await;
        let there = format!("{}{}", page.url.path(), page.url.query().map(|q| format!("?{q}")).unwrap_or_default());
        assert_eq!((page.status, there.as_str()), (StatusCode::OK, deep));
        // Once: whoever signs in later begins at the account.
        assert_eq!(browser.cookie("__Host-haechi-next"), None);
    }
    // Nothing is ever sent again, and nothing from outside is gone to.
    let mut browser = house.browser();
    browser.ensure_cookie().await;
    let csrf = house.csrf(&browser, "/account/language").await;
    browser.post_once("/account/language", &[("csrf", &csrf)]).await;
    for evil in ["https://evil.example/", "//evil.example", "/\\evil.example", "/logout"] {
        browser.set_cookie("__Host-haechi-next", evil);
        let login = browser.get("/login").await;
        let page = log_in(&mut browser, &login).await;
        assert_eq!(page.url.path(), "/account", "{evil}");
        browser = house.browser();
    }
}

#[tokio::test]
async fn a_login_that_is_asked_again_shows_whose_account_it_is() {
    let house = TestApp::new().await;
    house.first_party("app").await;
    let mut browser = house.signed_in(&house.user(KIM).await).await;
    let page = browser.get(&Ask::of("app").with("prompt", "login").url()).await;
    assert!(page.text("whose").contains(KIM) && page.text("whose").contains("Test Person"), "{}", page.body);
    assert_eq!(page.form("login").field("email"), Some(KIM));
    assert!(!house.browser().get(&Ask::of("app").url()).await.has("whose"));
}

#[tokio::test]
async fn the_list_of_sessions_says_which_program_from_which_network_and_when_it_was_used_last() {
    let house = TestApp::new().await;
    house.user(KIM).await;
    let mut browser = house.browser();
    browser
        .headers
        .push(("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()));
    let login = browser.get("/login").await;
    log_in(&mut browser, &login).await;
    house.clock.advance(Duration::from_secs(3600));
    let page = browser.get("/account/sessions").await;
    let used: String = haechi::support::Clock::now(house.clock.as_ref()).to_string().chars().take(16).collect();
    assert!(page.body.contains("Firefox on Linux") && page.body.contains("192.0.2.0/24"), "{}", page.body);
    assert!(page.body.contains(&format!("last used {} UTC", used.replace('T', " "))), "{}", page.body);
    assert!(!page.body.contains("192.0.2.10"), "the whole address is nobody's business");
}

#[tokio::test]
async fn the_way_from_the_claim_to_a_first_login_is_shown_while_there_is_one_to_go() {
    let house = TestApp::new().await;
    let mut browser = house.browser();
    let here = |page: &Page| -> Vec<String> {
        let html = page.html();
        html.select(&"#way [aria-current=step]".try_into().unwrap()).map(|step| step.text().collect()).collect()
    };
    let page = browser.get(&link(&house).await).await;
    assert_eq!(here(&page), ["You"]);
    let page = browser.submit(&page, "claim", &[("email", KIM), ("password", PASSWORD)]).await;
    assert_eq!((page.url.path(), here(&page)), ("/admin/setup", vec!["This server".to_owned()]));
    assert!(page.text("checks").contains("Database"), "{}", page.text("checks"));
    let page = browser.get(&page.link("go-on")).await;
    assert_eq!(here(&page), ["First app"]);
    let form = browser.get("/admin/apps/new/web").await;
    let filled = [("client_id", "shop"), ("client_name", "Shop"), ("redirect_uris", "https://shop.example/callback")];
    let page = browser.submit(&form, "create", &filled).await;
    assert_eq!(here(&page), ["First login"]);
    let page = browser.get(&page.link("to-trial")).await;
    let page = browser.submit(&page, "try-login", &[]).await;
    let page = browser.submit(&page, "consent", &[("decision", "allow")]).await;
    assert!(page.has("worked") && here(&page) == ["First login"], "{}", page.body);
    let page = browser.get(&page.link("to-overview")).await;
    assert!(page.text("first-login").contains("done"), "{}", page.text("first-login"));
    assert_eq!(next_step(&page), ["second-administrator"]);
    // Later there is no way to go any more.
    house.client("second", |_| ()).await;
    for path in ["/admin/setup", "/admin/apps/new", "/admin/apps/shop/try"] {
        assert!(!browser.get(path).await.has("way"), "{path}");
    }
    // Who may see the settings may look at the setup.
    let mut person = house.signed_in(&house.user("lee@example.com").await).await;
    assert_eq!(person.get("/admin/setup").await.problem(), "forbidden");
}

/// What the checks found is read in the language of the page, as everything around it is.
#[tokio::test]
async fn the_checks_speak_the_language_of_the_page() {
    let house = TestApp::new().await;
    let owner = house.administrator("owner@example.com").await;
    let (english, korean) = ("what has expired is deleted", "만료된 것을 지우고 있어요");
    for (tag, says, others) in [("en", english, korean), ("ko", korean, english)] {
        let mut browser = house.browser();
        browser.headers.push(("accept-language", tag.to_owned()));
        house.sign_in(&mut browser, &owner).await;
        let page = browser.get("/admin/setup").await;
        let checks = page.text("checks");
        assert!(checks.contains(says) && !checks.contains(others), "{tag}: {checks}");
        let html = page.html();
        for check in html.select(&"#checks li".try_into().unwrap()) {
            let said: String = check.select(&"p".try_into().unwrap()).flat_map(|one| one.text()).collect();
            let is_korean = said.chars().any(|c| ('가'..='힣').contains(&c));
            assert_eq!(is_korean, tag == "ko", "{said}");
        }
    }
}
