//! Pictures that are uploaded to be logos, by who may upload them and by who may not: nothing of them runs, fills the memory or leaves its place.

use axum::http::{Method, StatusCode};
use haechi::admin::{Authority, ProvenAuthority, clients, policy, users};
use haechi::model::client::ClientId;
use haechi::model::user::Role;
use scraper::Selector;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::pictures;

const OPERATOR: ProvenAuthority = Authority::operator();
/// A name that would be a program on a page, and leave its folder on a disk.
const EVIL_NAME: &str = "../../../etc/<img src=x onerror=alert(1)>.png";

async fn holder(app: &TestApp, role: Role) -> Browser {
    let user = app.user(&format!("{}@example.com", role.as_str().replace('_', "-"))).await;
    users::set_roles(&app.admin, &OPERATOR, user.id, vec![role]).await.unwrap();
    app.signed_in(&user).await
}

/// Where the logo of the client is, if it has one.
async fn logo_path(app: &TestApp) -> Option<String> {
    let id = ClientId::parse("shop").unwrap();
    let shop = clients::find(&app.admin, &Authority::operator(), &id).await.unwrap().unwrap();
    shop.presentation.links.logo.map(|logo| logo.path())
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    let mut browser = holder(&app, Role::Administrator).await;
    let script = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>"#;
    let page = b"<!doctype html><script>alert(1)</script>";
    let mut cut = pictures::png(64, 64, 1);
    cut.truncate(45);
    for (what, kind, bytes, said) in [
        ("an SVG with a script", "image/svg+xml", script.to_vec(), "SVG"),
        ("the same as a PNG", "image/png", script.to_vec(), "SVG"),
        ("a page", "image/png", page.to_vec(), "PNG"),
        ("a GIF", "image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(), "PNG"),
        ("nothing", "image/png", Vec::new(), "PNG"),
        ("half a picture", "image/png", cut, "damaged"),
        ("a picture that fills the memory", "image/png", pictures::bomb(60_000, 60_000), "1024"),
        ("one that is too wide", "image/png", pictures::png(1025, 1, 1), "1024"),
        ("one that is too large", "image/png", vec![0x89; 256 * 1024 + 1], "256 KiB"),
    ] {
        for path in ["/admin/apps/shop", "/admin/branding"] {
            let form = browser.get(path).await;
            let answer = browser.upload(&form, "logo", (EVIL_NAME, kind, &bytes)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what} {path}: {}", answer.body);
            assert!(answer.text("picture-problem").contains(said), "{what}: {}", answer.text("picture-problem"));
            assert!(!answer.body.contains("onerror"), "{what}: the name of the file is on the page");
        }
    }
    let far_too_large = vec![0x89; 400 * 1024];
    let form = browser.get("/admin/apps/shop").await;
    let answer = browser.upload(&form, "logo", ("x.png", "image/png", &far_too_large)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    assert_eq!(logo_path(&app).await, None);
}

#[tokio::test]
async fn of_a_picture_that_is_a_page_too_only_the_pixels_are_served() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    let mut browser = holder(&app, Role::AppManager).await;
    let form = browser.get("/admin/apps/shop").await;
    // It is said to be a page, and is a picture: that counts, and nothing else of it is kept.
    let saved = browser.upload(&form, "logo", (EVIL_NAME, "text/html", &pictures::polyglot())).await;
    assert!(saved.has("logo-shown") && saved.has("done"), "{}", saved.body);
    let html = saved.html();
    let running = Selector::parse("script:not([src]), [onerror], [onload]").unwrap();
    assert_eq!(html.select(&running).count(), 0, "{}", saved.body);
    assert!(!saved.body.contains("etc/"), "nothing of its name is kept: {}", saved.body);
    let path = logo_path(&app).await.unwrap();
    let served = app.browser().get_once(&path).await;
    assert_eq!(served.header("content-type"), Some("image/png"));
    assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
    assert!(!served.body.contains("script") && served.body.starts_with("\u{fffd}PNG"), "{:?}", served.body);
}

#[tokio::test]
async fn the_name_of_a_logo_opens_no_file() {
    let app = TestApp::new().await;
    let decided = policy::set_logo(&app.admin, &OPERATOR, (), &pictures::png(8, 8, 1)).await.unwrap();
    let path = decided.branding.logo.unwrap().path();
    let name = path.rsplit('/').next().unwrap();
    let mut browser = app.browser();
    for raw in [
        "/logos/../haechi.db".to_owned(),
        "/logos/..%2fhaechi.db".to_owned(),
        "/logos/%2e%2e%2f%2e%2e%2fetc%2fpasswd".to_owned(),
        "/logos/%00.png".to_owned(),
        format!("/logos/%2e/{name}"),
        format!("/logos/{name}%00"),
        format!("/logos/{name}.html"),
        format!("/logos/{}", name.to_uppercase()),
        "/logos/'%20OR%20'1'='1.png".to_owned(),
    ] {
        let page = browser.send_raw(&raw).await;
        assert!([StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&page.status), "{raw}: {:?}", page.status);
    }
}

#[tokio::test]
async fn who_may_not_change_an_app_or_the_looks_uploads_nothing() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    let mut owner = holder(&app, Role::Owner).await;
    let forms = [("/admin/apps/shop", "/admin/apps/shop/logo"), ("/admin/branding", "/admin/branding/logo")];
    for role in [Role::Auditor, Role::PeopleManager] {
        let mut other = holder(&app, role).await;
        for (page, action) in forms {
            let seen = other.get(page).await;
            assert!(!seen.has("logo"), "{page} offers it to {role:?}");
            // The form of who may is nothing to who may not, and one of their own is refused.
            let form = owner.get(page).await;
            let foreign = other.upload(&form, "logo", ("x.png", "image/png", &pictures::png(8, 8, 1))).await;
            assert_eq!(foreign.problem(), "stale-form", "{page} as {role:?}");
            let token = app.csrf(&other, action).await;
            let own = other.post_once(action, &[("csrf", &token), ("picture", "iVBORw0KGgo=")]).await;
            assert_eq!(own.problem(), "forbidden", "{page} as {role:?}");
        }
    }
    assert_eq!(logo_path(&app).await, None);
    let stranger = app.browser().post_once("/admin/branding/logo", &[]).await;
    assert_eq!(stranger.problem(), "stale-form");
}

#[tokio::test]
async fn another_site_uploads_nothing() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    let mut browser = holder(&app, Role::Owner).await;
    let form = browser.get("/admin/apps/shop").await;
    let picture = pictures::png(8, 8, 1);
    // A multipart form is one that any site can send without being asked first (Fetch, "CORS-safelisted request-header").
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    let led = browser.upload(&form, "logo", ("x.png", "image/png", &picture)).await;
    assert_eq!(led.problem(), "stale-form");
    browser.headers.clear();
    browser.headers.push(("origin", "https://evil.example".to_owned()));
    let led = browser.upload(&form, "logo", ("x.png", "image/png", &picture)).await;
    assert_eq!(led.problem(), "stale-form");
    browser.headers.clear();
    // Without the token, and with the token of another form.
    let body = "--x\r\nContent-Disposition: form-data; name=\"remove\"\r\n\r\nyes\r\n--x--\r\n";
    let kind = "multipart/form-data; boundary=x";
    let none = browser.send_as(Method::POST, "/admin/apps/shop/logo", kind, body).await;
    assert_eq!(none.problem(), "stale-form");
    let other = app.csrf(&browser, "/admin/branding/logo").await;
    let with_other = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{other}\r\n{body}");
    let wrong = browser.send_as(Method::POST, "/admin/apps/shop/logo", kind, &with_other).await;
    assert_eq!(wrong.problem(), "stale-form");
    assert_eq!(logo_path(&app).await, None);
    // No other form takes a multipart body.
    let elsewhere = browser.send_as(Method::POST, "/admin/apps/shop/state", kind, body).await;
    assert_eq!(elsewhere.problem(), "unsupported-media-type");
    let saved = browser.upload(&form, "logo", ("x.png", "image/png", &picture)).await;
    assert!(saved.has("logo-shown"), "{}", saved.body);
}
