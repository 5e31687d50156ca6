//! The console's apps: registering, changing and deleting them, and what is told of them.

use axum::http::StatusCode;
use haechi::admin::{Authority, clients, users};
use haechi::model::client::{Client, ClientAuthentication, ClientId, ClientSecret, PkcePolicy};
use haechi::model::user::{EmailAddress, Role};

use crate::support::app::TestApp;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

async fn house_of(role: Role) -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let user = app.user("manager@example.com").await;
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![role]).await.unwrap();
    let browser = app.signed_in(&user).await;
    (app, browser)
}

async fn now(app: &TestApp, id: &str) -> Client {
    app.app.stores.clients.find(&ClientId::parse(id).unwrap()).await.unwrap().unwrap()
}

fn said(page: &Page) -> String {
    if page.has("done") { page.text("done") } else { String::new() }
}

fn listed(page: &Page) -> Vec<String> {
    page.html().select(&".list tbody .mail".try_into().unwrap()).map(|id| id.text().collect()).collect()
}

/// Registers an app of a kind, as the form does.
async fn register(browser: &mut Browser, kind: &str, filled: &[(&str, &str)]) -> Page {
    let form = browser.get(&format!("/admin/apps/new/{kind}")).await;
    browser.submit(&form, "create", filled).await
}

const SHOP: &[(&str, &str)] =
    &[("client_id", "shop"), ("client_name", "Shop"), ("redirect_uris", "https://shop.example/callback")];

#[tokio::test]
async fn an_app_is_registered_changed_switched_off_and_deleted() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    assert!(browser.get("/admin/apps").await.has("nothing"));
    assert!(browser.get("/admin/apps/new").await.has("recipe-spring"));
    let made = register(&mut browser, "web", SHOP).await;
    assert!(made.has("created") && made.text("issuer") == app.issuer(), "{}", made.body);
    let secret = made.text("client_secret");
    assert!(now(&app, "shop").await.authentication.secrets[0].digest == ClientSecret::digest_of(&secret), "{secret}");
    let page = browser.get(&made.link("to-app")).await;
    assert!(!page.body.contains(&secret), "it is shown once");

    let filled = [
        ("client_name", "Shop & Co"),
        ("client_name-ko", "가게"),
        ("redirect_uris", "https://shop.example/callback\nhttps://www.shop.example/callback"),
        ("pkce", "required"),
        ("access_token_lifetime", "300"),
    ];
    let saved = browser.submit(&page, "settings", &filled).await;
    assert_eq!(said(&saved), "Saved.", "{}", saved.body);
    let shop = now(&app, "shop").await;
    assert_eq!((shop.redirects.uris.len(), shop.policy.pkce), (2, PkcePolicy::Required));
    assert_eq!((shop.presentation.names["ko"].as_str(), shop.tokens.lifetimes.access_token.as_secs()), ("가게", 300));
    let stale = browser.submit(&page, "settings", &filled).await;
    assert!(stale.status == StatusCode::CONFLICT && stale.text("problem").contains("Somebody else"));

    let off = browser.submit(&saved, "state", &[("state", "off")]).await;
    assert_eq!(said(&off), "The app is switched off.");
    assert!(!now(&app, "shop").await.enabled);
    let ask = browser.get(&off.link("to-delete")).await;
    assert!(ask.has("lost"));
    let gone = browser.submit(&ask, "delete", &[]).await;
    assert_eq!((gone.url.path(), said(&gone).as_str()), ("/admin/apps", "The app was deleted."));
    assert_eq!(browser.get("/admin/apps/shop").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_field_that_is_wrong_is_marked_with_what_was_typed() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    let bad = [("client_name", "Shop"), ("redirect_uris", "http://shop.example/cb#fragment")];
    let wrong = register(&mut browser, "web", &bad).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("redirect_uris-problem") && wrong.body.contains("cb#fragment"), "{}", wrong.body);
    register(&mut browser, "web", SHOP).await;
    let page = browser.get("/admin/apps/shop").await;
    for (field, typed) in [
        ("redirect_uris", "https://shop.example/*"),
        ("access_token_lifetime", "soon"),
        ("scope", "\"quoted\""),
        ("resources", "relative"),
        ("client_name", ""),
    ] {
        let wrong = browser.submit(&page, "settings", &[(field, typed)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(wrong.has(&format!("{field}-problem")), "{field}: {}", wrong.body);
    }
    assert_eq!(now(&app, "shop").await.version, 0);
}

/// A browser that reloads the answer sends the form once more.
#[tokio::test]
async fn a_form_that_is_sent_twice_registers_one_app_and_makes_one_secret() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    let form = browser.get("/admin/apps/new/web").await;
    let id = form.form("create").field("client_id").unwrap().to_owned();
    assert!(id.starts_with("cli_"), "{id}");
    let filled = [("client_name", "Shop"), ("redirect_uris", "https://shop.example/callback")];
    assert!(browser.submit(&form, "create", &filled).await.has("created"));
    let again = browser.submit(&form, "create", &filled).await;
    assert!(again.text("client_id-problem").contains("already"), "{}", again.body);
    let page = browser.get(&format!("/admin/apps/{id}/credentials")).await;
    let rotated = browser.submit(&page, "rotate", &[("grace", "24")]).await;
    let secret = rotated.text("secret");
    let client = now(&app, &id).await;
    assert_eq!(client.authentication.secrets.len(), 2);
    assert!(client.authentication.secrets[0].digest == ClientSecret::digest_of(&secret));
    let again = browser.submit(&page, "rotate", &[("grace", "24")]).await;
    assert!(again.status == StatusCode::CONFLICT && !again.has("fresh"), "{}", again.body);
    assert_eq!(now(&app, &id).await.version, client.version);
}

#[tokio::test]
async fn an_app_is_given_roles_of_its_own_by_who_may_give_them() {
    let (app, mut owner) = house_of(Role::Owner).await;
    register(&mut owner, "service", &[("client_id", "job"), ("client_name", "Job")]).await;
    let page = owner.get("/admin/apps/job").await;
    let saved = owner.submit(&page, "settings", &[("roles-auditor", "yes"), ("roles-owner", "yes")]).await;
    assert_eq!(said(&saved), "Saved.", "{}", saved.body);
    assert_eq!(now(&app, "job").await.policy.roles, [Role::Owner, Role::Auditor]);

    // Who may give none changes everything else, whatever the form says of roles.
    let user = app.user("apps@example.com").await;
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, vec![Role::AppManager]).await.unwrap();
    let mut manager = app.signed_in(&user).await;
    register(&mut manager, "service", &[("client_id", "mine"), ("client_name", "Mine")]).await;
    let page = manager.get("/admin/apps/mine").await;
    assert!(page.body.contains("id=\"roles-auditor\" name=\"roles-auditor\" type=\"checkbox\" value=\"yes\" disabled"));
    let saved = manager.submit(&page, "settings", &[("client_name", "Nightly"), ("roles-auditor", "yes")]).await;
    assert_eq!(said(&saved), "Saved.", "{}", saved.body);
    let mine = now(&app, "mine").await;
    assert_eq!((mine.presentation.name.as_str(), mine.policy.roles), ("Nightly", Vec::new()));

    // Roles are by tokens of the app's own.
    register(&mut owner, "web", SHOP).await;
    let page = owner.get("/admin/apps/shop").await;
    let wrong = owner.submit(&page, "settings", &[("roles-auditor", "yes")]).await;
    assert!(wrong.has("roles-problem"), "{}", wrong.body);
}

#[tokio::test]
async fn software_that_is_known_is_registered_as_it_wants_and_gets_its_files() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    let made = register(&mut browser, "flask", &[("client_id", "flask"), ("url", "https://flask.example")]).await;
    assert!(made.has("created"), "{}", made.body);
    let (file, secret) = (made.text("file-1"), made.text("client_secret"));
    assert!(file.contains(&secret) && file.contains(app.issuer()), "{file}");
    assert_eq!(now(&app, "flask").await.redirects.uris[0].as_str(), "https://flask.example/auth");
    let wrong = register(&mut browser, "flask", &[("url", "nowhere")]).await;
    assert!(wrong.has("url-problem"), "{}", wrong.body);
    assert_eq!(browser.get("/admin/apps/new/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_app_is_given_a_key_in_place_of_its_secret() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    register(&mut browser, "web", SHOP).await;
    let page = browser.get("/admin/apps/shop/credentials").await;
    let method = [("token_endpoint_auth_method", "private_key_jwt")];
    let wrong = browser.submit(&page, "method", &method).await;
    assert!(wrong.has("token_endpoint_auth_method-problem"), "{}", wrong.body);
    let keys = [method[0], ("jwks_uri", "https://shop.example/jwks")];
    let saved = browser.submit(&page, "method", &keys).await;
    assert_eq!(said(&saved), "Saved.", "{}", saved.body);
    let shop = now(&app, "shop").await;
    assert!(matches!(shop.authentication.method, ClientAuthentication::PrivateKeyJwt { .. }));
    assert!(shop.authentication.secrets.is_empty());
    // Back again it gets a secret, although the fields of the keys are still filled in.
    let back = browser.submit(&saved, "method", &[("token_endpoint_auth_method", "client_secret_post")]).await;
    assert!(back.has("fresh"), "{}", back.body);
}

#[tokio::test]
async fn the_security_page_holds_an_app_to_what_it_does_anyway() {
    let (app, mut browser) = house_of(Role::AppManager).await;
    register(&mut browser, "web", SHOP).await;
    let page = browser.get("/admin/apps/shop/security").await;
    assert!(page.text("pkce-when-sent").contains("Nobody has signed in"), "{}", page.body);
    assert!(!page.text("secret-method-not-pinned").contains("only"), "what would lock it out is not offered");
    let held = browser.submit(&page, "require", &[("require", "pkce")]).await;
    assert_eq!(said(&held), "Saved.");
    assert!(!held.has("pkce-when-sent"));
    assert_eq!(now(&app, "shop").await.policy.pkce, PkcePolicy::Required);
    let post = browser.submit(&held, "require", &[("require", "pin-post")]).await;
    assert!(!post.has("secret-method-not-pinned"), "{}", post.body);
    assert!(post.text("grade").contains("now"), "{}", post.body);
}

#[tokio::test]
async fn what_was_refused_of_an_app_stands_on_its_page() {
    let (app, mut browser) = house_of(Role::Auditor).await;
    app.client("shop", |_| {}).await;
    assert!(browser.get("/admin/apps/shop/problems").await.has("nothing"));
    let asked = Ask::of("shop").with("redirect_uri", "https://elsewhere.example/<b>").url();
    app.browser().get(&asked).await;
    app.app.refusals.written().await;
    let page = browser.get("/admin/apps/shop/problems").await;
    assert!(page.text("problems").contains("https://elsewhere.example/"), "{}", page.body);
    assert!(!page.body.contains("<b>"), "{}", page.body);
    assert!(page.text("problems").contains("only if that address is the app's own"), "{}", page.body);
    browser.headers.push(("accept-language", "ko".to_owned()));
    let korean = browser.get("/admin/apps/shop/problems").await.text("problems");
    assert!(korean.contains("때만 실행하세요: haechi clients update shop --add-redirect-uri"), "{korean}");
    assert!(!korean.contains("only if"), "{korean}");
}

#[tokio::test]
async fn apps_are_found_by_name_id_and_redirect_uri_and_paged() {
    let (app, mut browser) = house_of(Role::Auditor).await;
    for n in 0..55 {
        app.client(&format!("app-{n:02}"), |_| {}).await;
    }
    register_by_operator(&app, "reader", "책방", "https://books.example/callback").await;
    let first = browser.get("/admin/apps").await;
    assert_eq!((listed(&first).len(), listed(&first)[0].as_str()), (50, "app-00"));
    assert_eq!(listed(&browser.get(&first.link("next-page")).await).last().map(String::as_str), Some("reader"));
    for text in ["READ", "%EC%B1%85", "books.example"] {
        assert_eq!(listed(&browser.get(&format!("/admin/apps?q={text}")).await), ["reader"], "{text}");
    }
    assert!(browser.get("/admin/apps?kind=native").await.has("nothing"));
    assert_eq!(listed(&browser.get("/admin/apps?state=off").await).len(), 0);
    // The order is kept from page to page, and is what the list shows as chosen.
    for (sort, last) in [("name", "reader"), ("newest", "app-00"), ("changed", "app-00")] {
        let first = browser.get(&format!("/admin/apps?sort={sort}")).await;
        let rest = browser.get(&first.link("next-page")).await;
        let all = [listed(&first), listed(&rest)].concat();
        assert_eq!((all.len(), all.last().map(String::as_str)), (56, Some(last)), "{sort}");
        assert!(rest.body.contains(&format!("value=\"{sort}\" selected")), "{sort}");
    }
    assert!(!first.has("add"), "an auditor registers nothing");
    let page = browser.get("/admin/apps/reader").await;
    assert!(!page.has("save") && !page.has("state") && !page.has("to-delete"), "{}", page.body);
}

async fn register_by_operator(app: &TestApp, id: &str, name: &str, redirect_uri: &str) {
    let new = serde_json::json!({ "client_id": id, "client_name": name, "redirect_uris": [redirect_uri] });
    clients::create(&app.app.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap();
}

#[tokio::test]
async fn web_004_what_apps_are_called_stays_text() {
    let (app, mut browser) = house_of(Role::Owner).await;
    register_by_operator(&app, "shop", "<img src=x>\"'", "https://shop.example/callback").await;
    for path in ["", "/shop", "/shop/credentials", "/shop/security", "/shop/problems", "/shop/document", "/shop/delete"]
    {
        let page = browser.get(&format!("/admin/apps{path}")).await;
        assert!(!page.body.contains("<img src=x") && page.body.contains("&#60;img src=x"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn who_gave_an_app_access_is_listed_and_loses_it_one_by_one_or_together() {
    let (app, mut browser) = house_of(Role::Administrator).await;
    app.client("shop", |_| {}).await;
    let page = browser.get("/admin/apps/shop/consents").await;
    assert!(page.has("nothing") && !page.has("to-withdraw"), "{}", page.body);
    for n in 0..52 {
        app.clock.advance(std::time::Duration::from_secs(1));
        let user = app.user(&format!("zz{n:02}@example.com")).await;
        app.consented(&user, "shop", "openid email").await;
    }
    let first = browser.get("/admin/apps/shop/consents").await;
    assert!(first.body.contains("zz00@example.com") && !first.body.contains("zz50@example.com"), "{}", first.body);
    let second = browser.get(&first.link("next-page")).await;
    assert!(second.body.contains("zz51@example.com") && !second.has("next-page") && second.has("first-page"));
    let kim =
        app.app.stores.users.find_by_email(&EmailAddress::parse("zz00@example.com").unwrap()).await.unwrap().unwrap();
    let csrf = first.csrf_of("/admin/apps/shop/consents");
    let gone = browser.post_once("/admin/apps/shop/consents", &[("csrf", &csrf), ("user", &kim.id.to_string())]).await;
    let gone = browser.follow(gone).await;
    assert!(gone.has("done") && !gone.body.contains("zz00@example.com") && gone.body.contains("zz01@example.com"));
    let asked = browser.get(&gone.link("to-withdraw")).await;
    assert!(asked.has("lost"), "{}", asked.body);
    let done = browser.submit(&asked, "withdraw", &[]).await;
    assert!(!said(&done).is_empty(), "{}", done.body);
    assert!(browser.get("/admin/apps/shop/consents").await.has("nothing"));
}
