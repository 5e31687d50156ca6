//! Every page as text, in both languages, with what changes from run to run left out.

use haechi::model::User;
use haechi::support::line;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// What people read of a page, one text a line, with the controls between the texts.
pub(super) fn read(page: &Page) -> String {
    let html = page.html();
    let wanted = "title, h1, h2, p, li, dt, dd, label, button, a.button, input:not([type=hidden]), form, [id=error]";
    let mut lines = Vec::new();
    for element in html.select(&wanted.try_into().unwrap()) {
        let attribute = |name| element.value().attr(name);
        let name = element.value().name();
        let text = element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(match name {
            "form" => format!("form #{} {}", attribute("id").unwrap_or("-"), attribute("action").unwrap_or("-")),
            "input" => format!(
                "input #{} {} autocomplete={} described-by={} invalid={}",
                attribute("id").unwrap_or("-"),
                attribute("type").unwrap_or("-"),
                attribute("autocomplete").unwrap_or("-"),
                attribute("aria-describedby").unwrap_or("-"),
                attribute("aria-invalid").unwrap_or("-"),
            ),
            "div" => format!("error {}", attribute("data-error").unwrap_or("-")),
            _ => format!("{name} {text}{}", if attribute("autofocus").is_some() { " (focused)" } else { "" }),
        });
    }
    lines.join("\n")
}

async fn in_both_languages(name: &str, app: &TestApp, user: Option<&User>, go: impl AsyncFn(&mut Browser) -> Page) {
    for tag in ["en", "ko"] {
        let mut browser = app.browser();
        browser.headers.push(("accept-language", tag.to_owned()));
        if let Some(user) = user {
            app.sign_in(&mut browser, user).await;
        }
        let page = go(&mut browser).await;
        insta::assert_snapshot!(format!("{name}.{tag}"), read(&page));
    }
}

#[tokio::test]
async fn the_pages_of_a_login() {
    let app = TestApp::new().await;
    app.client("app", |client| {
        client.policy.scopes = haechi::protocol::ScopeSet::parse("openid email orders:read").unwrap();
    })
    .await;
    let user = app.user("kim@example.com").await;
    let ask = Ask::of("app").with("scope", "openid email orders:read");
    let (url, choose) = (ask.url(), ask.clone().with("prompt", "select_account").url());
    let again = ask.with("prompt", "login").url();
    in_both_languages("login", &app, None, async |browser| browser.get(&url).await).await;
    in_both_languages("login_again", &app, Some(&user), async |browser| browser.get(&again).await).await;
    in_both_languages("login_wrong", &app, None, async |browser| {
        let login = browser.get("/login").await;
        browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", "not this one")]).await
    })
    .await;
    in_both_languages("consent", &app, Some(&user), async |browser| browser.get(&url).await).await;
    in_both_languages("select_account", &app, Some(&user), async |browser| browser.get(&choose).await).await;
    in_both_languages("sign_up", &app, None, async |browser| browser.get("/signup").await).await;
    in_both_languages("sign_up_wrong", &app, None, async |browser| {
        let page = browser.get("/signup").await;
        browser.submit(&page, "signup", &[("email", "no address"), ("password", PASSWORD)]).await
    })
    .await;
}

#[tokio::test]
async fn the_pages_around_a_login() {
    let app = TestApp::new().await;
    let user = app.user("kim@example.com").await;
    in_both_languages("logout", &app, Some(&user), async |browser| browser.get("/logout").await).await;
    in_both_languages("signed_out", &app, None, async |browser| browser.get("/signed-out").await).await;
    in_both_languages("signed_out_unlinked", &app, None, async |browser| {
        browser.get("/signed-out?done=unlinked").await
    })
    .await;
    let link = haechi::admin::claim::issue_link(&app.admin, &haechi::admin::Authority::operator()).await.unwrap().text;
    let claim = format!("/claim?token={}", link.expose());
    in_both_languages("claim", &app, None, async |browser| browser.get(&claim).await).await;
    in_both_languages("claim_spent", &app, None, async |browser| browser.get("/claim?token=x").await).await;
}

#[tokio::test]
async fn the_account() {
    for tag in ["en", "ko"] {
        let app = TestApp::new().await;
        let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
        browser.headers.push(("accept-language", tag.to_owned()));
        for section in ["", "/profile", "/security", "/sessions", "/apps", "/preferences", "/data", "/delete"] {
            let page = browser.get(&format!("/account{section}")).await;
            insta::assert_snapshot!(format!("account{}.{tag}", section.replace('/', "_")), read(&page));
        }
    }
}

#[tokio::test]
async fn the_pages_that_ask_who_it_is() {
    for tag in ["en", "ko"] {
        let app = TestApp::new().await;
        let kim = app.user("kim@example.com").await;
        let mut browser = app.signed_in(&kim).await;
        browser.headers.push(("accept-language", tag.to_owned()));
        let first = browser.get("/account/profile").await;
        app.clock.advance(std::time::Duration::from_mins(11));
        let csrf = app.csrf(&browser, "/account/confirm").await;
        let visit = [("csrf", csrf.as_str()), ("slug", "github"), ("purpose", "link")];
        let asked = browser.post_once("/account/confirm", &visit).await;
        insta::assert_snapshot!(format!("step_up.{tag}"), read(&asked));
        let wrong = browser.submit(&asked, "confirm", &[("current", "not this one")]).await;
        insta::assert_snapshot!(format!("step_up_wrong.{tag}"), read(&wrong));
        let confirmed = browser.submit(&wrong, "confirm", &[("current", PASSWORD)]).await;
        insta::assert_snapshot!(format!("confirmed.{tag}"), read(&confirmed));
        app.sign_in(&mut browser, &app.user("lee@example.com").await).await;
        let other = browser.submit(&first, "account-profile", &[]).await;
        insta::assert_snapshot!(format!("other_sign_in.{tag}"), read(&other));
    }
}

#[tokio::test]
async fn a_name_that_cannot_be() {
    for tag in ["en", "ko"] {
        let app = TestApp::new().await;
        let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
        browser.headers.push(("accept-language", tag.to_owned()));
        let account = browser.get("/account/profile").await;
        let refused = browser.submit(&account, "account-profile", &[("name", &"x".repeat(101))]).await;
        insta::assert_snapshot!(format!("account_wrong.{tag}"), read(&refused));
    }
}

#[tokio::test]
async fn an_answer_that_is_posted() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    let user = app.user("kim@example.com").await;
    let url = Ask::of("app").with("response_mode", "form_post").url();
    in_both_languages("form_post", &app, Some(&user), async |browser| browser.get(&url).await).await;
}

#[tokio::test]
async fn web_004_what_people_call_themselves_stays_text() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.headers.push(("user-agent", "<img src=x onerror=alert(1)>".to_owned()));
    let page = browser.get("/signup").await;
    let typed = [("name", "<svg onload=alert(1)>"), ("email", "o'<x>@example.com"), ("password", PASSWORD)];
    let refused = browser.submit(&page, "signup", &typed).await;
    let account = browser
        .submit(
            &refused,
            "signup",
            &[("name", "<svg onload=alert(1)>"), ("email", "kim@example.com"), ("password", PASSWORD)],
        )
        .await;
    for page in [&refused, &account] {
        assert!(
            !page.body.contains("<svg onload") && !page.body.contains("<img src=x") && !page.body.contains("o'<x>")
        );
    }
    assert!(account.html().select(&"#account-name".try_into().unwrap()).next().is_some());
}

#[tokio::test]
async fn inj_010_what_apps_call_themselves_is_no_pattern() {
    let app = TestApp::new().await;
    let name = "{{7*7}} ${HOME} { $email } %s";
    app.client("app", |client| client.presentation.name = name.to_owned()).await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let consent = browser.get(&Ask::of("app").url()).await;
    let heading = consent.html().select(&"h1".try_into().unwrap()).next().unwrap().text().collect::<String>();
    assert!(heading.contains(&line::parse(name, 100).unwrap()), "{heading}");
}
