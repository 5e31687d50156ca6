//! Every object has its history, its document, and the ways to do the same from elsewhere: the command, and the call of the API, which does what it says.

use axum::http::StatusCode;
use haechi::admin::affiliations::{GroupResource, RoleResource};
use haechi::admin::{Authority, apis, connections, webhooks};
use haechi::model::user::Role;
use scraper::Selector;
use serde_json::{Value, json};

use super::{entries, holder};
use crate::admin::affiliations::define;
use crate::admin::api::{call, house, token_as};
use crate::admin::attributes::declare;
use crate::admin::claim_rules::rule;
use crate::admin::web_client;
use crate::support::app::TestApp;
use crate::support::browser::Page;

/// One of each kind: where its page is.
async fn one_of_each(app: &TestApp) -> Vec<String> {
    let (admin, by) = (&app.admin, &Authority::operator());
    let at = |path: String| format!("/admin/{path}");
    let client = web_client(app, "shop").await;
    let orders = serde_json::from_value(json!({ "resource": "https://orders.example/" })).unwrap();
    let orders = apis::create(admin, by, &orders).await.unwrap();
    let google = json!({ "preset": "google", "client_id": "haechi", "client_secret": "secret-of-google" });
    connections::create(admin, by, serde_json::from_value(google).unwrap()).await.unwrap();
    let hook = serde_json::from_value(json!({ "url": "https://hooks.example/" })).unwrap();
    let hook = webhooks::create(admin, by, &hook).await.unwrap().webhook.id;
    let staff = define::<GroupResource>(app, json!({ "name": "staff" })).await.affiliation.id;
    let manager = define::<RoleResource>(app, json!({ "name": "manager" })).await.affiliation.id;
    declare(app, json!({ "name": "level" })).await;
    rule(app, json!({ "name": "crew", "claim": "crew", "source": "groups", "scope": "profile" })).await;
    let kim = app.user("kim@example.com").await.id;
    [
        format!("people/{kim}"),
        format!("apps/{}", client.id),
        format!("apis/{}", orders.id),
        "connections/google".to_owned(),
        format!("webhooks/{hook}"),
        format!("groups/{staff}"),
        format!("roles/{manager}"),
        "people/attributes/level".to_owned(),
        "claims/rules/crew".to_owned(),
    ]
    .map(at)
    .to_vec()
}

/// What stands between these words and the next quotation mark.
fn quoted<'a>(curl: &'a str, after: &str) -> Option<&'a str> {
    curl.split_once(after)?.1.split_once('\'').map(|(text, _)| text)
}

/// The path of a call below the API's.
fn path_of(app: &TestApp, curl: &str) -> String {
    let url = curl.rsplit(' ').next().unwrap();
    url.strip_prefix(&format!("{}/api/v1", app.issuer())).unwrap_or_else(|| panic!("{curl}")).to_owned()
}

#[tokio::test]
async fn every_object_shows_its_document_and_the_ways_to_do_the_same_which_work() {
    let app = house().await;
    let token = token_as(&app, Role::Owner).await;
    let mut browser = holder(&app, Role::Auditor).await;
    for path in one_of_each(&app).await {
        let page = browser.get(&format!("{path}/document")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let document: Value = serde_json::from_str(&page.text("json")).unwrap();
        for way in 1..=3 {
            assert!(page.text(&format!("command-{way}")).starts_with("haechi "), "{path}");
            assert!(page.text(&format!("call-{way}")).contains("$TOKEN"), "{path}");
        }
        let shown = call(&app, "GET", &path_of(&app, &page.text("call-1")), &token).send().await.expect(200);
        let shown = shown.get("items").map_or(&shown, |items| &items[0]);
        assert_eq!(shown["version"], document["version"], "{path}: {shown}");

        let update = page.text("call-2");
        assert!(update.contains("-X PATCH"), "{update}");
        let (condition, body) = (quoted(&update, "'If-Match: ").unwrap(), quoted(&update, "-d '").unwrap());
        assert_eq!(condition, format!("\"{}\"", document["version"]), "{path}");
        let tried = format!("{}?dry_run=true", path_of(&app, &update));
        let send = async |condition: &str| {
            let call = call(&app, "PATCH", &tried, &token).header("if-match", condition);
            call.body("application/merge-patch+json", body).send().await
        };
        send(condition).await.expect(200);
        assert_eq!(send("\"999\"").await.status, 412, "{path}");
    }
}

#[tokio::test]
async fn every_object_has_a_history_of_its_own_for_who_may_read_the_log() {
    let app = house().await;
    let objects = one_of_each(&app).await;
    let mut auditor = holder(&app, Role::Auditor).await;
    let mut manager = holder(&app, Role::AppManager).await;
    for path in objects {
        let history = auditor.get(&format!("{path}/history")).await;
        assert_eq!(entries(&history).len(), 1, "{path}: {}", history.body);
        assert_eq!(entries(&auditor.get(&history.link("to-log")).await), entries(&history), "{path}");
        assert_eq!(manager.get(&format!("{path}/history")).await.status, StatusCode::FORBIDDEN, "{path}");
        let own = auditor.get(&path).await;
        for tab in ["history", "document"] {
            assert!(own.body.contains(&format!("{path}/{tab}")), "{path} {tab}");
        }
    }
    for path in ["connections/nothing", "people/attributes/nothing", "claims/rules/nothing", "groups/nothing"] {
        assert_eq!(auditor.get(&format!("/admin/{path}/document")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Where the tabs of a page lead that a selector finds.
fn tabs(page: &Page, selector: &str) -> Vec<String> {
    let (html, selector) = (page.html(), Selector::parse(selector).unwrap());
    html.select(&selector).map(|tab| tab.attr("href").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_tab_of_an_object_leads_to_a_page_with_the_same_tabs() {
    let app = house().await;
    let mut auditor = holder(&app, Role::Auditor).await;
    for path in one_of_each(&app).await {
        let own = tabs(&auditor.get(&path).await, "nav.tabs a");
        assert!(own.ends_with(&[format!("{path}/history"), format!("{path}/document")]), "{own:?}");
        let is_managed = ["/admin/apps/", "/admin/groups/"].iter().any(|kind| path.starts_with(kind));
        assert_eq!(own.contains(&format!("{path}/managers")), is_managed, "{path}");
        for tab in &own {
            let page = auditor.get(tab).await;
            assert_eq!(page.status, StatusCode::OK, "{tab}");
            assert_eq!(tabs(&page, "nav.tabs a"), own, "{tab}");
            assert_eq!(tabs(&page, "nav.tabs a[aria-current=page]"), [tab.as_str()], "{tab}");
        }
    }
}
