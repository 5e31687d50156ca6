//! APIs in the console, and on the page that asks for consent.

use axum::http::StatusCode;
use haechi::admin::apis::{self, ApiResource};
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::Api;
use haechi::model::user::Role;
use haechi::protocol::ScopeSet;
use haechi::protocol::resource::Resource;
use serde_json::{Value, json};

use super::{entries, holder, speak};
use crate::support::app::TestApp;
use crate::support::ask::Ask;

const OPERATOR: ProvenAuthority = Authority::operator();
const ORDERS: &str = "https://orders.example/";
const EVIL: &str = "<img src=x onerror=alert(1)>";

async fn only(app: &TestApp) -> Api {
    let all = apis::declared(&app.admin, &OPERATOR).await.unwrap();
    assert_eq!(all.len(), 1);
    all.iter().next().unwrap().clone()
}

async fn declare(app: &TestApp, document: Value) -> Api {
    let new: ApiResource = serde_json::from_value(document).unwrap();
    let made = apis::create(&app.admin, &OPERATOR, &new).await.unwrap();
    app.clients.poll().await.unwrap();
    made
}

#[tokio::test]
async fn an_api_is_declared_described_given_to_an_app_and_deleted() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    let mut browser = holder(&app, Role::AppManager).await;
    let empty = browser.get("/admin/apis").await;
    assert!(empty.has("nothing") && empty.has("add") && !empty.has("apis"), "{}", empty.body);
    let form = browser.get("/admin/apis/new").await;
    let wrong = browser.submit(&form, "create", &[("resource", "orders"), ("resource_name", EVIL)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("resource-problem").contains("absolute URI"), "{}", wrong.body);
    assert_eq!(wrong.form("create").field("resource_name"), Some(EVIL));
    let said = [
        ("resource", ORDERS),
        ("resource_name-ko", "주문"),
        ("access_token_type", "JWT"),
        ("access_token_lifetime", "300"),
    ];
    let scopes = browser.submit(&form, "create", &said).await;
    assert!(scopes.has("done") && scopes.has("scopes-form"), "{}", scopes.body);
    let taken = browser.submit(&form, "create", &[("resource", "https://orders.example")]).await;
    assert!(taken.text("resource-problem").contains("already"), "{}", taken.body);
    let made = only(&app).await;
    let path = format!("/admin/apis/{}", made.id);

    let lines = "orders:read = See your orders\n\norders:write\n";
    let stray = [("scopes", lines), ("scopes-ko", "orders:red = 주문 보기")];
    let wrong = browser.submit(&scopes, "scopes-form", &stray).await;
    assert!(wrong.text("scopes-ko-problem").contains("orders:red"), "{}", wrong.body);
    let own = browser.submit(&scopes, "scopes-form", &[("scopes", "openid = Everything")]).await;
    assert!(own.text("scopes-problem").contains("openid"), "{}", own.body);
    browser.submit(&scopes, "scopes-form", &[("scopes", lines), ("scopes-ko", "orders:read = 주문 보기")]).await;
    let described = only(&app).await;
    assert_eq!(described.scopes.len(), 2);
    assert_eq!(described.scope("orders:read").unwrap().descriptions["ko"], "주문 보기");
    let stale = browser.submit(&scopes, "scopes-form", &[("scopes", "")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);

    let page = browser.get(&path).await;
    let long = browser.submit(&page, "api", &[("access_token_lifetime", "a day")]).await;
    assert!(long.text("access_token_lifetime-problem").contains("86400"), "{}", long.body);
    browser.submit(&page, "api", &[("access_token_lifetime", ""), ("access_token_type", "")]).await;
    let changed = only(&app).await;
    assert_eq!((changed.access_token_type, changed.access_token_lifetime), (None, None));
    assert_eq!((changed.scopes.len(), changed.name_in(haechi::model::Locale::Ko)), (2, "주문"));

    let apps = browser.get(&format!("{path}/apps")).await;
    let nobody = browser.submit(&apps, "add", &[("client_id", "nobody")]).await;
    assert!(nobody.text("client_id-problem").contains("no such app"), "{}", nobody.body);
    let added = browser.submit(&apps, "add", &[("client_id", "shop")]).await;
    assert!(added.text("apps").contains("shop"), "{}", added.body);
    let confirm = browser.get(&format!("{path}/delete")).await;
    let refused = browser.submit(&confirm, "delete", &[]).await;
    assert!(refused.body.contains("One app may still ask for it"), "{}", refused.body);
    let csrf = app.csrf(&browser, &format!("{path}/apps")).await;
    browser.post_once(&format!("{path}/apps"), &[("csrf", &csrf), ("do", "remove"), ("client_id", "shop")]).await;
    assert!(browser.get(&format!("{path}/apps")).await.has("no-apps"));
    browser.submit(&confirm, "delete", &[]).await;
    assert!(apis::declared(&app.admin, &OPERATOR).await.unwrap().is_empty());
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn inj_001_what_is_said_of_an_api_is_text_wherever_it_is_shown() {
    let app = TestApp::new().await;
    let api = declare(
        &app,
        json!({ "resource": ORDERS, "resource_name": EVIL, "scopes": [{ "scope": "orders:read", "description": EVIL, "description#ko": EVIL }] }),
    )
    .await;
    app.client("shop", |client| {
        client.policy.resources = vec![Resource::parse(ORDERS).unwrap()];
        client.policy.scopes = ScopeSet::parse("openid orders:read").unwrap();
    })
    .await;
    let mut browser = holder(&app, Role::Administrator).await;
    let path = format!("/admin/apis/{}", api.id);
    let pages = [
        "/admin/apis".to_owned(),
        path.clone(),
        format!("{path}/scopes"),
        format!("{path}/apps"),
        format!("{path}/history"),
        format!("{path}/document"),
        format!("{path}/delete"),
        "/admin/apps/shop".to_owned(),
        Ask::of("shop").with("scope", "openid orders:read").url(),
    ];
    for page in &pages {
        let shown = browser.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(shown.body.contains("&#60;img") && !shown.body.contains("<img src=x"), "{page}: {}", shown.body);
    }
}

#[tokio::test]
async fn consent_is_asked_for_in_the_words_of_the_api_and_in_the_language_of_the_page() {
    let app = TestApp::new().await;
    let mail = "https://mail.example/";
    let scopes = json!([{ "scope": "read", "description": "See your orders", "description#ko": "주문 보기" }, { "scope": "write" }]);
    let described =
        json!({ "resource": ORDERS, "resource_name": "Orders", "resource_name#ko": "주문 서비스", "scopes": scopes });
    declare(&app, described).await;
    declare(&app, json!({ "resource": mail, "scopes": [{ "scope": "read", "description": "Read your mail" }] })).await;
    app.client("shop", |client| {
        client.policy.resources = [ORDERS, mail].map(|one| Resource::parse(one).unwrap()).to_vec();
        client.policy.scopes = ScopeSet::parse("openid read write other").unwrap();
    })
    .await;
    let mut browser = app.signed_in(&app.user("kim@example.com").await).await;
    let ask = Ask::of("shop").with("scope", "openid read write other");
    let page = browser.get(&ask.clone().with("resource", "https://orders.example").url()).await;
    assert!(page.body.contains("<strong>See your orders</strong>") && page.body.contains("In Orders"), "{}", page.body);
    // One that says nothing of a scope has the name of the API beside it; what no API has is the app's own.
    assert!(page.body.contains("Use “write”") && page.body.contains("Use “other”"), "{}", page.body);
    assert!(page.body.contains("A permission that"), "{}", page.body);
    let of_mail = browser.get(&ask.clone().with("resource", mail).with("state", "b").url()).await;
    assert!(of_mail.body.contains("Read your mail") && of_mail.body.contains("In mail.example"), "{}", of_mail.body);
    // Without a resource it is the first that the app may ask for and that says something.
    let page = browser.get(&ask.with("state", "c").url()).await;
    assert!(page.body.contains("See your orders"), "{}", page.body);
    let korean = speak(&mut browser, &page, "ko").await;
    assert!(
        korean.body.contains("<strong>주문 보기</strong>") && korean.body.contains("주문 서비스에서"),
        "{}",
        korean.body
    );
}

#[tokio::test]
async fn who_only_sees_changes_nothing_and_what_files_manage_is_locked() {
    let app = TestApp::new().await;
    let by = OPERATOR.declaring_for(haechi::model::connection::Slug::parse("gitops").unwrap());
    let new: ApiResource = serde_json::from_value(json!({ "resource": ORDERS })).unwrap();
    let api = apis::create(&app.admin, &by, &new).await.unwrap();
    let path = format!("/admin/apis/{}", api.id);
    let mut auditor = holder(&app, Role::Auditor).await;
    for page in [path.clone(), format!("{path}/scopes"), format!("{path}/apps")] {
        let seen = auditor.get(&page).await;
        assert!(!seen.has("save") && !seen.has("add") && !seen.has("delete"), "{}", seen.body);
    }
    assert_eq!(entries(&auditor.get(&format!("{path}/history")).await), ["API declared"]);
    assert_eq!(auditor.get("/admin/apis/new").await.status, StatusCode::FORBIDDEN);
    assert!(!auditor.get("/admin/apis").await.has("add"));

    let mut manager = holder(&app, Role::AppManager).await;
    let locked = manager.get(&path).await;
    assert!(locked.text("managed").contains("gitops") && !locked.has("save"), "{}", locked.body);
    assert_eq!(manager.get(&format!("{path}/history")).await.status, StatusCode::FORBIDDEN);
    let release = manager.get(&locked.link("to-release")).await;
    let freed = manager.submit(&release, "release", &[]).await;
    assert!(freed.has("done"), "{}", freed.body);
    assert!(manager.get(&path).await.has("save"));
}
