//! What the wizard hands over: a configuration for each type of app, the settings of a resource server, and those of production as files.

use axum::http::StatusCode;
use haechi::admin::{Authority, apis};
use haechi::model::user::Role;
use serde_json::json;

use super::holder;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};

async fn registered(browser: &mut Browser, kind: &str, filled: &[(&str, &str)]) -> Page {
    let form = browser.get(&format!("/admin/apps/new/{kind}")).await;
    let page = browser.submit(&form, "create", filled).await;
    assert!(page.has("created"), "{}", page.body);
    page
}

#[tokio::test]
async fn an_app_of_each_type_is_told_how_to_configure_itself() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::AppManager).await;
    let issuer = app.issuer().to_owned();
    let uri = ("redirect_uris", "https://shop.example/callback?a=b");

    let web = registered(&mut browser, "web", &[("client_id", "web"), ("client_name", "Web"), uri]).await;
    let (file, secret) = (web.text("file-1"), web.text("client_secret"));
    for line in [
        format!("OIDC_ISSUER={issuer}"),
        "OIDC_CLIENT_ID=web".to_owned(),
        format!("OIDC_CLIENT_SECRET={secret}"),
        "OIDC_CLIENT_AUTH_METHOD=client_secret_basic".to_owned(),
        "OIDC_REDIRECT_URI='https://shop.example/callback?a=b'".to_owned(),
        "OIDC_SCOPE='openid profile email'".to_owned(),
        format!("OIDC_TOKEN_ENDPOINT={issuer}/token"),
    ] {
        assert!(file.lines().any(|known| known == line), "{line} in {file}");
    }

    for (kind, uri) in [("browser", uri), ("native", ("redirect_uris", "com.example.shop:/callback"))] {
        let page = registered(&mut browser, kind, &[("client_id", kind), ("client_name", kind), uri]).await;
        let file = page.text("file-1");
        assert!(file.contains("OIDC_CLIENT_AUTH_METHOD=none") && !file.contains("SECRET="), "{kind}: {file}");
    }

    let machine = registered(&mut browser, "service", &[("client_id", "job"), ("client_name", "Job")]).await;
    let file = machine.text("file-1");
    assert!(file.contains(&format!("OAUTH_TOKEN_ENDPOINT={issuer}/token")), "{file}");
    assert!(file.contains("grant_type=client_credentials") && !file.contains("REDIRECT_URI"), "{file}");
    assert!(!browser.get("/admin/apps/job").await.body.contains("OAUTH_CLIENT_SECRET"), "it is shown once");
}

#[tokio::test]
async fn a_resource_server_becomes_an_api_and_is_told_what_to_verify() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::AppManager).await;
    assert!(browser.get("/admin/apps/new").await.has("kind-api"));
    let new = json!({ "resource": "https://orders.example/", "access_token_type": "JWT", "scopes": [{ "scope": "orders:read" }] });
    let api = apis::create(&app.admin, &Authority::operator(), &serde_json::from_value(new).unwrap()).await.unwrap();
    let said = browser.get(&format!("/admin/apis/{}", api.id)).await.text("verify");
    for line in [
        format!("OAUTH_ISSUER={}", app.issuer()),
        format!("OAUTH_JWKS_URI={}/jwks", app.issuer()),
        "OAUTH_AUDIENCE=https://orders.example/".to_owned(),
        "OAUTH_TOKEN_TYPE=JWT".to_owned(),
        "OAUTH_SCOPES=orders:read".to_owned(),
    ] {
        assert!(said.lines().any(|known| known == line), "{line} in {said}");
    }
}

#[tokio::test]
async fn the_settings_of_production_are_files_too() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Auditor).await;
    let page = browser.get("/admin/setup/production").await;
    for (id, name) in [("toml", "haechi.toml"), ("helm", "values.yaml")] {
        let file = browser.get(&page.link(&format!("download-{id}"))).await;
        assert_eq!(file.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
        assert_eq!(file.body.trim(), page.text(id).trim(), "{name}");
    }
    assert_eq!(browser.get("/admin/setup/production/other.toml").await.status, StatusCode::NOT_FOUND);
    let mut manager = holder(&app, Role::AppManager).await;
    assert_eq!(manager.get("/admin/setup/production/haechi.toml").await.problem(), "forbidden");
}

/// What is said of a redirect URI while it is typed.
async fn typed(browser: &mut Browser, kind: &str, uri: &str) -> Option<String> {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("kind", kind).append_pair("uri", uri).finish();
    let page = browser.get(&format!("/admin/apps/redirect-uri?{query}")).await;
    let said: serde_json::Value = serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{}", page.body));
    said["problem"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_redirect_uri_is_checked_as_it_is_typed_by_the_rule_that_it_is_registered_by() {
    let app = TestApp::with(|config| config.throttling.api_calls_per_caller = 8).await;
    let mut browser = holder(&app, Role::AppManager).await;
    let form = browser.get("/admin/apps/new/web").await;
    assert!(form.body.contains("data-uris=\"/admin/apps/redirect-uri?kind=web\""), "{}", form.body);
    assert_eq!(typed(&mut browser, "web", "https://shop.example/callback").await, None);
    assert_eq!(typed(&mut browser, "native", "com.example.shop:/callback").await, None);
    for (kind, uri) in
        [("web", "http://shop.example/"), ("web", "https://shop.example/#x"), ("web", "com.example.shop:/")]
    {
        let said = typed(&mut browser, kind, uri).await.unwrap_or_else(|| panic!("{uri}"));
        let id = form.form("create").field("client_id").unwrap().to_owned();
        let fields = [("client_id", id.as_str()), ("client_name", "Shop"), ("redirect_uris", uri)];
        let sent = browser.submit(&form, "create", &fields).await;
        assert!(sent.text("redirect_uris-problem").contains(&said), "{uri}: {said} in {}", sent.body);
    }
    for _ in 0..3 {
        typed(&mut browser, "web", "https://shop.example/").await;
    }
    let held = browser.get("/admin/apps/redirect-uri?kind=web&uri=x").await;
    assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS);
    let mut auditor = holder(&app, Role::Auditor).await;
    assert_eq!(auditor.get("/admin/apps/redirect-uri?kind=web&uri=x").await.problem(), "forbidden");
}
