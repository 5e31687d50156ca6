//! When something is in the way: what happened, and the way on.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::Authority;
use haechi::admin::claim;
use scraper::Selector;

use super::speak;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::Page;

/// What an attribute says, of each element that a selector finds.
fn told(page: &Page, selector: &str, attribute: &str) -> Vec<String> {
    let (html, selector) = (page.html(), Selector::parse(selector).unwrap());
    html.select(&selector).filter_map(|one| one.attr(attribute).map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_wrong_password_keeps_what_was_typed_but_not_the_password() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").with("login_hint", "kim@example.com").url()).await;
    assert_eq!(login.form("login").field("email"), Some("kim@example.com"));
    let again =
        browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", "wrong horse battery")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.has("problem") && !again.body.contains("wrong horse"));
    // Read first, with or without a script; and both fields point at it, because nobody is told which one is wrong.
    let html = again.html();
    assert!(html.select(&"#problem[role=alert][tabindex='-1'][autofocus]".try_into().unwrap()).next().is_some());
    let marked = "input[aria-invalid=true][aria-describedby=problem]".try_into().unwrap();
    assert_eq!(html.select(&marked).count(), 2);
    assert_eq!(again.form("login").field("email"), Some("kim@example.com"));
    let done = browser.submit(&again, "login", &[("password", PASSWORD)]).await;
    assert!(done.answer().contains_key("code"));
}

#[tokio::test]
async fn a_login_that_took_too_long_says_so() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    app.clock.advance(Duration::from_mins(31));
    let late = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(late.problem(), "flow-gone");
}

#[tokio::test]
async fn a_login_of_another_browser_says_so() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let login = app.browser().get(&Ask::of("app").url()).await;
    let flow = login.form("login").field("flow").unwrap().to_owned();
    let mut other = app.browser();
    other.ensure_cookie().await;
    assert_eq!(other.get(&format!("/login?flow={flow}")).await.problem(), "other-browser");
}

#[tokio::test]
async fn a_form_that_was_used_already_leads_to_where_the_person_is() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let typed = [("email", "kim@example.com"), ("password", PASSWORD)];
    let consent = browser.submit(&login, "login", &typed).await;
    assert!(consent.has("allow"));
    // Back, and the same form again: no error, the same question.
    assert!(browser.submit(&login, "login", &typed).await.has("allow"));
    // Back to the login page by its address.
    assert!(browser.get(login.url.as_str()).await.has("allow"));
    browser.submit(&consent, "consent", &[("decision", "allow")]).await;
    assert_eq!(browser.submit(&consent, "consent", &[("decision", "allow")]).await.problem(), "flow-gone");
}

#[tokio::test]
async fn a_form_from_before_the_cookies_were_cleared_leads_on() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let flow = login.form("login").field("flow").unwrap().to_owned();
    let stale = browser.submit(&login, "login", &[("csrf", "stale")]).await;
    assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::FORBIDDEN, "stale-form"));
    let way = format!("href=\"/continue?flow={flow}\"");
    assert!(stale.body.contains(&way), "{}", stale.body);
    assert!(browser.get(&format!("/continue?flow={flow}")).await.has("login"));
}

#[tokio::test]
async fn sign_up_that_is_switched_off_says_so() {
    let app = TestApp::with(|config| config.accounts.sign_up = false).await;
    let mut browser = app.browser();
    assert!(!browser.get("/login").await.has("to-signup"));
    let page = browser.get("/signup").await;
    assert!(!page.has("signup") && page.body.contains("/login"), "{}", page.body);
}

#[tokio::test]
async fn a_posted_answer_posts_itself() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let page = browser.get(&Ask::of("app").with("response_mode", "form_post").url()).await;
    // A control named like the method would stand in its place: HTML, "the form element", named properties.
    let shadowing = "#form-post [id=submit], #form-post [name=submit]".try_into().unwrap();
    assert!(page.html().select(&shadowing).next().is_none());
    assert!(page.body.contains(".submit()"));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_account_is_said_at_once_each_at_its_field() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let typed = [("name", "two\u{2028}lines"), ("email", "nowhere"), ("password", "short")];
    let page = browser.get("/signup").await;
    let refused = browser.submit(&page, "signup", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "email", "password"] {
        let marked = format!("#{field}[aria-invalid=true][aria-describedby={field}-problem]");
        assert!(refused.html().select(&marked.as_str().try_into().unwrap()).next().is_some(), "{}", refused.body);
        assert!(refused.has(&format!("{field}-problem")), "{field}");
    }
    // One summary, read first: no field takes the focus from it.
    let focused = told(&refused, "[autofocus]", "id");
    assert_eq!(focused, ["problem"]);
    // Mended one by one, the rest is still said.
    let again = browser
        .submit(&refused, "signup", &[("name", "Kim"), ("email", "kim@example.com"), ("password", "short")])
        .await;
    assert!(again.has("password-problem") && !again.has("email-problem") && !again.has("name-problem"));
}

#[tokio::test]
async fn the_first_field_to_fill_in_has_the_focus() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = app.browser();
    let hinted = Ask::of("app").with("login_hint", "kim@example.com").url();
    let link = claim::issue_link(&app.app.admin, &Authority::operator()).await.unwrap().text;
    let claim = format!("/claim?token={}", link.expose());
    for (path, field) in
        [("/login", "email"), (hinted.as_str(), "password"), ("/signup", "name"), (claim.as_str(), "name")]
    {
        let focused = told(&browser.get(path).await, "[autofocus]", "id");
        assert_eq!(focused, [field], "{path}");
    }
}

#[tokio::test]
async fn only_who_is_signed_out_is_told_so() {
    let app = TestApp::new().await;
    let (kim, lee) = (app.user("kim@example.com").await, app.user("lee@example.com").await);
    assert!(app.browser().get("/signed-out").await.has("signed-out"));
    let mut browser = app.signed_in(&kim).await;
    app.sign_in(&mut browser, &lee).await;
    for path in ["/signed-out", "/signed-out?done=unlinked", "/signed-out?from=google"] {
        let page = browser.get(path).await;
        assert!(!page.has("signed-out") && page.has("still-signed-in"), "{path}: {}", page.body);
        assert!(
            ["kim@example.com", "lee@example.com"].iter().all(|email| page.body.contains(email))
                && page.body.contains("href=\"/account\"")
        );
    }
    // One of two signs out: the other is named.
    let account = browser.get("/account/sessions").await;
    let own = told(&account, "section[aria-labelledby=sessions-heading] button[name=session]", "value").remove(0);
    let left = browser.send_form(&account, account.form_to("/account/sessions"), &[("session", &own)]).await;
    let left = browser.follow(left).await;
    assert!(left.has("still-signed-in") && left.body.contains("kim@example.com"), "{}", left.body);
    assert!(!left.body.contains("lee@example.com"));
}

#[tokio::test]
async fn the_language_is_switched_where_one_is_after_a_mistake_too() {
    let app = TestApp::new().await;
    app.client("app", |_| {}).await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let wrong = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", "wrong horse")]).await;
    let switched = speak(&mut browser, &wrong, "ko").await;
    assert_eq!(switched.form("login").field("flow"), login.form("login").field("flow"), "the login goes on");
    let link = claim::issue_link(&app.app.admin, &Authority::operator()).await.unwrap().text;
    let page = browser.get(&format!("/claim?token={}", link.expose())).await;
    let wrong = browser.submit(&page, "claim", &[("email", "nowhere"), ("password", "short")]).await;
    assert!(wrong.has("email-problem") && wrong.has("password-problem"), "{}", wrong.body);
    let switched = speak(&mut browser, &wrong, "en").await;
    assert_eq!(switched.form("claim").field("token"), Some(link.expose().as_str()));
}
