//! The lists of the console: what is done to several at once, and how a short list is narrowed down.

use std::time::Duration;

use axum::http::StatusCode;
use haechi::admin::affiliations::{self, GroupResource};
use haechi::admin::{Authority, ProvenAuthority, apis, attributes, claim_rules, clients, connections, webhooks};
use haechi::model::ClientId;
use haechi::model::manager::Manager;
use haechi::model::user::Role;
use serde_json::json;

use super::holder;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, Page};

const OPERATOR: ProvenAuthority = Authority::operator();

fn said(page: &Page) -> String {
    if page.has("done") { page.text("done") } else { String::new() }
}

async fn is_on(app: &TestApp, id: &str) -> Option<bool> {
    let id = ClientId::parse(id).unwrap();
    app.stores.clients.find(&id).await.unwrap().map(|client| client.enabled)
}

/// Presses a button below a list after these were picked.
async fn press(browser: &mut Browser, list: &str, picked: &[&str], what: &str) -> Page {
    let page = browser.get(list).await;
    let boxes: Vec<String> = picked.iter().map(|id| format!("pick-{id}")).collect();
    let mut fields: Vec<(&str, &str)> = boxes.iter().map(|name| (name.as_str(), "yes")).collect();
    fields.push(("do", what));
    browser.submit(&page, "several", &fields).await
}

#[tokio::test]
async fn several_apps_are_switched_and_those_that_would_be_deleted_are_named_first() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::AppManager).await;
    for id in ["one", "two", "three"] {
        app.client(id, |client| client.presentation.name = format!("The {id} <i>")).await;
    }
    let off = press(&mut browser, "/admin/apps", &["one", "two", "not-there"], "off").await;
    assert_eq!(said(&off), "2 were changed. One is gone.");
    assert_eq!((is_on(&app, "one").await, is_on(&app, "three").await), (Some(false), Some(true)));
    press(&mut browser, "/admin/apps", &["one"], "on").await;
    assert_eq!(is_on(&app, "one").await, Some(true));

    let asked = press(&mut browser, "/admin/apps", &["one", "two"], "delete").await;
    assert_eq!(asked.status, StatusCode::OK);
    let names = asked.text("names");
    assert!(names.contains("The one <i> (one)") && names.contains("(two)") && !names.contains("three"), "{names}");
    assert!(!asked.body.contains("<i>") && is_on(&app, "two").await.is_some(), "nothing is deleted yet");
    let done = browser.submit(&asked, "delete", &[]).await;
    assert_eq!(said(&done), "2 were changed.");
    assert_eq!((is_on(&app, "one").await, is_on(&app, "two").await), (None, None));
    assert_eq!(is_on(&app, "three").await, Some(true));
    assert_eq!(said(&press(&mut browser, "/admin/apps", &[], "delete").await), "Nothing was changed.");
}

#[tokio::test]
async fn who_may_only_look_picks_nothing() {
    let app = TestApp::new().await;
    app.client("one", |_| {}).await;
    let mut browser = holder(&app, Role::Auditor).await;
    assert!(!browser.get("/admin/apps").await.body.contains("pick-"));
    let csrf = app.csrf(&browser, "/admin/apps/several").await;
    for fields in [&[("pick-one", "yes"), ("do", "off")][..], &[("pick-one", "yes"), ("do", "delete")]] {
        let sent = [&[("csrf", csrf.as_str())], fields].concat();
        assert_eq!(browser.post_once("/admin/apps/several", &sent).await.problem(), "forbidden", "{fields:?}");
    }
    assert_eq!(is_on(&app, "one").await, Some(true));
}

#[tokio::test]
async fn apis_groups_and_webhooks_go_together_too_and_what_is_in_use_stays() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Administrator).await;
    let mut ids = Vec::new();
    for resource in ["https://one.example/", "https://two.example/"] {
        let new = serde_json::from_value(json!({ "resource": resource })).unwrap();
        ids.push(apis::create(&app.admin, &OPERATOR, &new).await.unwrap().id.to_string());
    }
    let asking = json!({ "client_id": "asks", "client_name": "Asks", "redirect_uris": ["https://asks.example/"], "resources": ["https://two.example/"] });
    clients::create(&app.admin, &OPERATOR, serde_json::from_value(asking).unwrap()).await.unwrap();
    let asked = press(&mut browser, "/admin/apis", &[&ids[0], &ids[1]], "delete").await;
    assert!(asked.text("names").contains("https://one.example/"), "{}", asked.body);
    let done = browser.submit(&asked, "delete", &[]).await;
    assert_eq!(
        said(&done),
        "One was changed. One was left as it is: something still uses it.",
        "an app may ask for it"
    );

    let group: GroupResource = serde_json::from_value(json!({ "name": "staff" })).unwrap();
    let group = affiliations::create(&app.admin, &OPERATOR, &group).await.unwrap().affiliation.id.to_string();
    let asked = press(&mut browser, "/admin/groups", &[&group], "delete").await;
    assert!(asked.text("names").contains("staff"), "{}", asked.body);
    assert!(browser.submit(&asked, "delete", &[]).await.has("nothing"));

    let hook = serde_json::from_value(json!({ "url": "https://hooks.example/in" })).unwrap();
    let hook = webhooks::create(&app.admin, &OPERATOR, &hook).await.unwrap().webhook.id.to_string();
    press(&mut browser, "/admin/webhooks", &[&hook], "off").await;
    assert!(!webhooks::list(&app.admin, &OPERATOR).await.unwrap()[0].enabled);
    let groups = app.csrf(&browser, "/admin/groups/several").await;
    let unknown = browser.post_once("/admin/groups/several", &[("csrf", groups.as_str()), ("do", "off")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "a group is not switched");
}

/// A connection of this name, with a secret where there is one.
async fn connect(app: &TestApp, by: &ProvenAuthority, slug: &str, secret: Option<&str>) {
    let new = json!({ "preset": "google", "client_id": "haechi", "slug": slug, "client_secret": secret });
    connections::create(&app.admin, by, serde_json::from_value(new).unwrap()).await.unwrap();
}

/// Every connection, and whether it is on.
async fn connected(app: &TestApp) -> Vec<(String, bool)> {
    let all = app.stores.connections.all().await.unwrap();
    all.iter().map(|one| (one.slug.to_string(), one.enabled)).collect()
}

#[tokio::test]
async fn several_providers_are_switched_and_deleted_and_the_page_says_what_was_left_and_why() {
    let app = TestApp::new().await;
    let (list, mut browser) = ("/admin/connections", holder(&app, Role::Administrator).await);
    let files = Authority::operator().declaring_for(Manager::parse("site").unwrap());
    let secret = Some("secret-of-google");
    connect(&app, &OPERATOR, "one", secret).await;
    connect(&app, &OPERATOR, "several", secret).await;
    connect(&app, &OPERATOR, "bare", None).await;
    connect(&app, &files, "filed", secret).await;
    let on = press(&mut browser, list, &["one", "several", "bare", "filed", "not-there", "Not a slug"], "on").await;
    let left = "2 were changed. One is gone. One was left as it is: files manage it. \
                One was left as it is: one of its settings is missing or wrong. Open it to see which.";
    assert_eq!(said(&on), left);
    let is = |one: bool, several: bool| {
        let all = [("one", one), ("several", several), ("bare", false), ("filed", false)];
        all.map(|(slug, on)| (slug.to_owned(), on)).to_vec()
    };
    assert_eq!(connected(&app).await, is(true, true));
    // One that is called as a part of the console is opened as any other.
    assert_eq!(browser.get("/admin/connections/several").await.status, StatusCode::OK);

    // Who proved the account long ago confirms it first.
    app.clock.advance(Duration::from_mins(11));
    let asked = press(&mut browser, list, &["one", "bare"], "off").await;
    assert!(asked.has("step-up") && connected(&app).await == is(true, true), "{}", asked.body);
    let off = browser.submit(&asked, "confirm", &[("current", PASSWORD)]).await;
    assert_eq!((said(&off).as_str(), connected(&app).await), ("2 were changed.", is(false, true)));

    let asked = press(&mut browser, list, &["several", "filed"], "delete").await;
    let names = asked.text("names");
    assert!(names.contains("(several): No account is connected through it.") && !names.contains("(one)"), "{names}");
    assert_eq!(connected(&app).await, is(false, true), "nothing is deleted yet");
    let done = browser.submit(&asked, "delete", &[]).await;
    assert_eq!(said(&done), "One was changed. One was left as it is: files manage it.");
    let there: Vec<String> = connected(&app).await.into_iter().map(|(slug, _)| slug).collect();
    assert_eq!(there, ["one", "bare", "filed"]);

    let mut auditor = holder(&app, Role::Auditor).await;
    assert!(!auditor.get(list).await.body.contains("pick-"));
    let csrf = app.csrf(&auditor, list).await;
    let sent = [("csrf", csrf.as_str()), ("pick-one", "yes"), ("do", "delete"), ("sure", "yes")];
    assert_eq!(auditor.post_once(list, &sent).await.problem(), "forbidden");
}

#[tokio::test]
async fn short_lists_are_narrowed_down_by_their_address() {
    let app = TestApp::new().await;
    let (admin, mut browser) = (&app.admin, holder(&app, Role::Auditor).await);
    for name in ["heron", "crane"] {
        let hook = json!({ "url": format!("https://{name}.example/") });
        webhooks::create(admin, &OPERATOR, &serde_json::from_value(hook).unwrap()).await.unwrap();
        let rule = json!({ "name": name, "claim": format!("of-{name}"), "source": "roles", "scope": "profile" });
        claim_rules::create(admin, &OPERATOR, &serde_json::from_value(rule).unwrap()).await.unwrap();
        let connection = json!({ "preset": "google", "client_id": "haechi", "slug": name });
        connections::create(admin, &OPERATOR, serde_json::from_value(connection).unwrap()).await.unwrap();
        let attribute = json!({ "name": format!("{name}_number"), "value_type": "text" });
        attributes::create(admin, &OPERATOR, serde_json::from_value(attribute).unwrap()).await.unwrap();
    }
    for (list, id) in [
        ("/admin/webhooks", "webhooks"),
        ("/admin/claims", "claims"),
        ("/admin/connections", "connections"),
        ("/admin/people/attributes", "attributes"),
    ] {
        let all = browser.get(list).await.text(id);
        assert!(all.contains("heron") && all.contains("crane"), "{list}: {all}");
        let found = browser.get(&format!("{list}?q=HERON")).await;
        assert!(found.text(id).contains("heron") && !found.text(id).contains("crane"), "{list}: {}", found.body);
        assert!(browser.get(&format!("{list}?q=nothing-like-it")).await.has("nothing"), "{list}");
    }
}

#[tokio::test]
async fn lists_of_few_are_ordered_and_paged_in_their_order() {
    let app = TestApp::new().await;
    let mut browser = holder(&app, Role::Auditor).await;
    for number in 0..55 {
        app.clock.advance(Duration::from_millis(5));
        let (key, name) = (format!("g{number:02}"), format!("Name {:02}", 99 - number));
        let group: GroupResource = serde_json::from_value(json!({ "name": key, "label": name })).unwrap();
        affiliations::create(&app.admin, &OPERATOR, &group).await.unwrap();
        let api = json!({ "resource": format!("https://a{number:02}.example/"), "resource_name": name });
        apis::create(&app.admin, &OPERATOR, &serde_json::from_value(api).unwrap()).await.unwrap();
    }
    let listed = |page: &Page, id: &str| -> Vec<String> {
        let html = page.html();
        let names = format!("#{id} strong");
        html.select(&names.as_str().try_into().unwrap()).map(|name| name.text().collect()).collect()
    };
    for (list, id) in [("/admin/groups", "groups"), ("/admin/apis", "apis")] {
        for (sort, first, last) in
            [("", "Name 99", "Name 45"), ("name", "Name 45", "Name 99"), ("newest", "Name 45", "Name 99")]
        {
            let page = browser.get(&format!("{list}?sort={sort}")).await;
            let rest = browser.get(&page.link("next-page")).await;
            let all = [listed(&page, id), listed(&rest, id)].concat();
            let ends = (all.len(), all.first().map(String::as_str), all.last().map(String::as_str));
            assert_eq!(ends, (55, Some(first), Some(last)), "{list} {sort}");
        }
    }
}
