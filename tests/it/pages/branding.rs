//! How the pages of end-users present the service: what the console takes, and what every page shows then.

use axum::http::StatusCode;
use haechi::admin::policy::{self, BrandingResource};
use haechi::admin::{Authority, ProvenAuthority, clients, users};
use haechi::model::client::ClientId;
use haechi::model::policy::Policy;
use haechi::model::user::Role;
use scraper::Selector;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::pictures;

const OPERATOR: ProvenAuthority = Authority::operator();

async fn holder(app: &TestApp, role: Role) -> Browser {
    let user = app.user(&format!("{}@example.com", role.as_str().replace('_', "-"))).await;
    users::set_roles(&app.admin, &OPERATOR, user.id, vec![role]).await.unwrap();
    app.signed_in(&user).await
}

async fn decide(app: &TestApp, said: Value) -> Policy {
    let document: BrandingResource = serde_json::from_value(said).unwrap();
    policy::set_branding(&app.admin, &OPERATOR, (), &document).await.unwrap()
}

/// Where the page's style sheets are.
fn styles(page: &Page) -> Vec<String> {
    let html = page.html();
    let links = html.select(&Selector::parse("link[rel=stylesheet]").unwrap()).collect::<Vec<_>>();
    links.into_iter().map(|link| link.value().attr("href").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_page_without_branding_loads_nothing_more_and_one_with_an_accent_no_more_than_before() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let plain = browser.get("/login").await;
    let ours = styles(&plain);
    assert!(ours.len() == 1 && ours[0].ends_with("-haechi.css"), "{ours:?}");
    decide(&app, json!({ "accent_color": "#123a7a" })).await;
    let branded = browser.get("/login").await;
    let theirs = styles(&branded);
    assert!(theirs.len() == 1 && theirs[0].contains("-haechi-123a7a-"), "{theirs:?}");
    let style = browser.get(&theirs[0]).await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let before = browser.get(&ours[0]).await;
    let rules = style.body.strip_prefix(before.body.as_str()).expect("ours comes first");
    assert!(rules.contains("--accent: #123a7a") && rules.contains("prefers-color-scheme: dark"), "{rules}");
    assert!(rules.len() < 500, "{}", rules.len());
    // Nobody has colours made that no page shows, and no style of ours is given under another name.
    for other in [
        theirs[0].replace("123a7a", "ffffee"),
        theirs[0].replace("123a7a", "123a7b"),
        theirs[0].replace(".css", "-dark.css"),
    ] {
        assert_eq!(browser.get(&other).await.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn every_page_of_end_users_presents_the_service_and_the_console_takes_its_name() {
    let app = TestApp::new().await;
    decide(
        &app,
        json!({
            "product_name": "Books", "product_name#ko": "책방", "headline": "Welcome to Books", "welcome": "Read on.", "accent_color": "#123a7a",
            "tos_uri": "https://books.example/terms", "policy_uri": "https://books.example/privacy", "support_uri": "https://books.example/help",
        }),
    )
    .await;
    let mut owner = holder(&app, Role::Owner).await;
    let mut stranger = app.browser();
    let mut pages = Vec::new();
    for path in ["/login", "/signup", "/signed-out", "/nowhere"] {
        pages.push(stranger.get(path).await);
    }
    for path in ["/account", "/account/security", "/logout"] {
        pages.push(owner.get(path).await);
    }
    for page in &pages {
        assert!(page.body.contains("Books</title>") && !page.body.contains("Haechi"), "{}: {}", page.url, page.body);
        assert!(styles(page)[0].contains("-haechi-123a7a-"), "{}", page.url);
        assert_eq!(page.link("terms"), "https://books.example/terms", "{}", page.url);
        assert_eq!(page.link("privacy"), "https://books.example/privacy", "{}", page.url);
        assert!(page.body.contains("https://books.example/help"), "{}", page.url);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("style-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!page.body.contains("style="), "{}", page.url);
    }
    assert!(pages[0].body.contains("<h1>Welcome to Books</h1>") && pages[0].text("welcome") == "Read on.");
    assert!(pages[1].has("welcome") && pages[1].body.contains("<h1>Create an account</h1>"), "{}", pages[1].body);
    stranger.headers.push(("accept-language", "ko".to_owned()));
    let korean = stranger.get("/login").await;
    assert!(korean.body.contains("책방</title>") && korean.body.contains("Welcome to Books"), "{}", korean.body);
    // The console has the name, and neither colours nor words.
    let console = owner.get("/admin/people").await;
    assert!(console.body.contains("Books</title>") && !console.has("terms"), "{}", console.body);
    assert!(styles(&console)[0].ends_with("-haechi.css"), "{:?}", styles(&console));
}

#[tokio::test]
async fn what_is_said_is_text_wherever_it_is_shown() {
    let app = TestApp::new().await;
    let mut owner = holder(&app, Role::Owner).await;
    let evil = r#"</title><script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)"#;
    for member in ["product_name", "headline", "welcome"] {
        // Shorter than the shortest limit.
        for text in [&evil[..34], "<img src=x onerror=alert(2)>", "\" autofocus onfocus=\"alert(3)"] {
            decide(&app, json!({ member: text, format!("{member}#ko"): text })).await;
            for path in ["/login", "/signup", "/account", "/admin/branding", "/admin/branding/preview", "/nowhere"] {
                let page = owner.get(path).await;
                assert!(!page.body.contains(text), "{member} {path}: {}", page.body);
                let html = page.html();
                let scripts = html.select(&Selector::parse("script:not([src]), [onerror], [onfocus]").unwrap()).count();
                assert_eq!(scripts, 0, "{member} {path}: {}", page.body);
            }
        }
        decide(&app, json!({ member: "", format!("{member}#ko"): "" })).await;
    }
}

fn filled<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("product_name", "Books"), ("product_name-ko", "책방")][..], more].concat()
}

#[tokio::test]
async fn it_is_decided_on_one_page_and_what_cannot_be_read_is_refused_there() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = browser.get("/admin/branding").await;
    assert!(page.header("content-security-policy").unwrap().contains("frame-src 'self';"));
    let long = "x".repeat(81);
    for (field, value, said) in [
        ("accent_color", "#fee500", "The nearest shade that works is #"),
        ("accent_color_dark", "#123a7a", "needed"),
        ("accent_color", "red", "six digits"),
        ("accent_color", "#000;}body{display:none}", "six digits"),
        ("tos_uri", "javascript:alert(1)", ""),
        ("policy_uri", "http://books.example/", ""),
        ("support_uri", "https://user@books.example/", ""),
        ("headline", long.as_str(), ""),
    ] {
        let wrong = browser.submit(&page, "branding", &filled(&[(field, value)])).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}: {}", wrong.body);
        let beside = wrong.text(&format!("{field}-problem"));
        assert!(beside.contains(said), "{field} {value}: {beside}");
        assert!(wrong.body.contains("value=\"책방\""), "what was typed stays");
    }
    let saved = browser.submit(&page, "branding", &filled(&[("accent_color", "#123A7A")])).await;
    assert!(saved.text("done").contains("Saved") && saved.body.contains("value=\"#123a7a\""), "{}", saved.body);
    let stale = browser.submit(&page, "branding", &filled(&[("headline", "Another")])).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    // What is left empty is taken away.
    let fresh = browser.get("/admin/branding").await;
    browser.submit(&fresh, "branding", &[("product_name", ""), ("product_name-ko", ""), ("accent_color", "")]).await;
    let is = policy::find(&app.admin, &Authority::operator()).await.unwrap();
    assert_eq!((is.branding, is.version), (haechi::model::Branding::default(), 2));
    // Who may only see changes nothing.
    let mut auditor = holder(&app, Role::Auditor).await;
    let page = auditor.get("/admin/branding").await;
    assert!(!page.has("save"));
    assert_eq!(auditor.submit(&page, "branding", &filled(&[])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(holder(&app, Role::AppManager).await.get("/admin/branding/preview").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_preview_shows_every_page_with_what_is_not_saved_and_does_nothing() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = browser.get("/admin/branding").await;
    // The button works without a script: what was typed goes along, what proves whose form it is does not.
    let press =
        [("show", "yes"), ("accent_color", "#123a7a"), ("page", "login"), ("scheme", "dark"), ("language", "ko")];
    let shown = browser.submit(&page, "branding", &filled(&press)).await;
    assert_eq!(shown.url.path(), "/admin/branding/preview");
    assert!(!shown.url.query().unwrap().contains("csrf") && shown.body.contains("책방</title>"), "{}", shown.body);
    assert!(shown.body.contains("lang=\"ko\"") && styles(&shown)[0].ends_with("-dark.css"), "{:?}", styles(&shown));
    for (name, mark) in [
        ("login", "login"),
        ("signup", "signup"),
        ("consent", "consent"),
        ("account", "account-heading"),
        ("error", "error"),
        ("signed-out", "signed-out"),
    ] {
        for scheme in ["light", "dark"] {
            let typed = "typed=yes&product_name=Books&headline=Hello&tos_uri=https%3A%2F%2Fbooks.example%2Fterms";
            let page = browser.get(&format!("/admin/branding/preview?page={name}&scheme={scheme}&{typed}")).await;
            assert!(page.status == StatusCode::OK && page.has(mark), "{name}: {}", page.body);
            assert!(
                page.body.contains("<body inert") && page.body.contains("Books</title>") && page.has("terms"),
                "{name}"
            );
            let policy = page.header("content-security-policy").unwrap();
            for rule in ["frame-ancestors 'self'", "form-action 'none'", "sandbox allow-same-origin"] {
                assert!(policy.contains(rule), "{name}: {policy}");
            }
            assert!(!policy.contains("script") && !page.body.contains("<script"), "{name}: {policy}");
            assert_eq!(page.header("x-frame-options"), Some("SAMEORIGIN"));
            let style = browser.get(&styles(&page)[0]).await;
            assert!(style.status == StatusCode::OK && !style.body.contains("prefers-color-scheme"), "{name} {scheme}");
        }
    }
    // What would be refused is said, and not shown.
    let refused =
        browser.get("/admin/branding/preview?typed=yes&accent_color=%23fee500&tos_uri=javascript:alert(1)").await;
    assert!(refused.body.contains("note bad") && !refused.body.contains("javascript:"), "{}", refused.body);
    assert_eq!(policy::find(&app.admin, &Authority::operator()).await.unwrap().version, 0, "nothing was saved");
    // No other site leads an administrator to a page of ours with its words.
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    let led = browser.get_once("/admin/branding/preview?typed=yes&headline=Call%20us").await;
    assert_eq!(led.location().as_deref(), Some("/admin/branding"));
    // Nobody else sees it, and every other page stays out of frames.
    assert_eq!(app.browser().get("/admin/branding/preview").await.url.path(), "/login");
}

/// The texts in place of the pictures with this address on a page.
fn pictures_at(page: &Page, path: &str) -> Vec<String> {
    let html = page.html();
    let found = html.select(&Selector::parse("img").unwrap()).collect::<Vec<_>>();
    let of = found.into_iter().filter(|img| img.value().attr("src") == Some(path));
    of.map(|img| img.value().attr("alt").unwrap_or_else(|| panic!("no text: {}", page.url)).to_owned()).collect()
}

#[tokio::test]
async fn a_logo_that_is_uploaded_is_on_every_page_beside_its_name() {
    let app = TestApp::new().await;
    app.client("shop", |client| client.presentation.name = "Shop".to_owned()).await;
    let mut owner = holder(&app, Role::Owner).await;
    let console = owner.get("/admin/branding").await;
    let saved = owner.upload(&console, "logo", ("logo.png", "image/png", &pictures::png(32, 32, 1))).await;
    assert!(saved.text("done").contains("saved"), "{}", saved.body);
    let ours = policy::find(&app.admin, &Authority::operator()).await.unwrap().branding.logo.unwrap().path();
    let console = owner.get("/admin/apps/shop").await;
    let saved = owner.upload(&console, "logo", ("logo.webp", "image/webp", &pictures::webp(64, 64, 2))).await;
    let id = ClientId::parse("shop").unwrap();
    let shop = clients::find(&app.admin, &Authority::operator(), &id).await.unwrap().unwrap();
    let theirs = shop.presentation.links.logo.unwrap().path();
    assert!(pictures_at(&saved, &theirs).contains(&"Shop".to_owned()), "the form says whose it is: {}", saved.body);
    let kim = app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get(&Ask::of("shop").url()).await;
    let sign_up = browser.get(&login.link("to-signup")).await;
    let mut pages = vec![login, sign_up];
    app.sign_in(&mut browser, &kim).await;
    pages.push(browser.get(&Ask::of("shop").with("prompt", "select_account").url()).await);
    pages.push(browser.get(&Ask::of("shop").with("prompt", "consent").url()).await);
    app.consented(&kim, "shop", "openid").await;
    pages.push(browser.get("/account/apps").await);
    pages.push(owner.get("/admin/apps").await);
    pages.push(owner.get("/admin/apps/shop").await);
    for page in &pages {
        assert_eq!(page.status, StatusCode::OK, "{}", page.url);
        assert!(!pictures_at(page, &theirs).is_empty(), "{}: {}", page.url, page.body);
        // Beside the name it says nothing once more.
        assert_eq!(pictures_at(page, &ours), [""], "{}", page.url);
        assert!(page.header("content-security-policy").unwrap().contains("img-src 'self'"), "{}", page.url);
    }
    let preview = owner.get("/admin/branding/preview?page=login").await;
    assert_eq!(pictures_at(&preview, &ours), [""]);
    let console = owner.get("/admin/branding").await;
    let gone = owner.submit(&console, "logo", &[("remove", "yes")]).await;
    assert!(gone.text("done").contains("removed") && pictures_at(&gone, &ours).is_empty(), "{}", gone.body);
    assert_eq!(app.browser().get_once(&ours).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_picture_waits_for_the_proof_of_who_uploads_it() {
    let app = TestApp::new().await;
    let mut owner = holder(&app, Role::Owner).await;
    let console = owner.get("/admin/branding").await;
    app.clock.advance(std::time::Duration::from_mins(11));
    let asked = owner.upload(&console, "logo", ("logo.png", "image/png", &pictures::png(32, 32, 1))).await;
    assert!(asked.has("confirm"), "{}", asked.body);
    assert_eq!(policy::find(&app.admin, &Authority::operator()).await.unwrap().branding.logo, None);
    let saved = owner.submit(&asked, "confirm", &[("current", crate::support::app::PASSWORD)]).await;
    assert!(saved.has("done") && saved.has("logo-shown"), "{}", saved.body);
}
