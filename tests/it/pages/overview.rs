//! What the overview shows of how the server is used: to each administrator what they may see.

use std::time::Duration;

use haechi::admin::{Authority, clients, users, webhooks};
use haechi::model::client::ConsentPolicy;
use haechi::model::user::{EmailAddress, Role};

use super::holder;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};

/// The numbers of a chart's table, the newest span last.
fn newest(page: &Page, chart: &str) -> Vec<String> {
    let html = page.html();
    let cells = format!("#{chart} tbody tr:last-child td");
    html.select(&cells.as_str().try_into().unwrap()).map(|cell| cell.text().collect()).collect()
}

#[tokio::test]
async fn logins_are_drawn_and_said_in_a_table() {
    let app = TestApp::new().await;
    let mut owner = holder(&app, Role::Owner).await;
    app.app.counts.write().await.unwrap();
    let before = owner.get("/admin").await;
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", "not this")]).await;
    browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    app.app.counts.write().await.unwrap();
    for path in ["/admin", "/admin?by=hour"] {
        let page = owner.get(path).await;
        let [signed_in, failed] = newest(&page, "chart-logins").try_into().unwrap();
        let was: u64 = newest(&before, "chart-logins")[0].parse().unwrap();
        assert_eq!((signed_in.parse::<u64>().unwrap(), failed.as_str()), (was + 1, "1"), "{path}");
        assert!(page.body.contains("<rect class=\"bar-1\""), "what failed has a pattern: {path}");
        assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
    }
    assert!(before.has("chart-active") && !owner.get("/admin?by=hour").await.has("chart-active"));
}

#[tokio::test]
async fn each_administrator_sees_what_they_may() {
    let app = TestApp::new().await;
    for (role, seen) in [
        (Role::Owner, &["chart-logins", "chart-refused", "apps", "health-heading"][..]),
        (Role::Auditor, &["chart-logins", "chart-refused", "apps", "health-heading"]),
        (Role::PeopleManager, &["chart-logins", "chart-refused"]),
        (Role::AppManager, &["chart-refused", "apps"]),
    ] {
        let page = holder(&app, role).await.get("/admin").await;
        for part in ["chart-logins", "chart-refused", "apps", "health-heading"] {
            assert_eq!(page.has(part), seen.contains(&part), "{role:?} {part}");
        }
    }
}

#[tokio::test]
async fn apps_that_tokens_went_to_are_called_by_their_names_and_lead_to_their_pages() {
    let app = TestApp::new().await;
    let mut owner = holder(&app, Role::Owner).await;
    app.client("shop", |client| {
        client.policy.consent = ConsentPolicy::FirstParty;
        client.presentation.name = "Moon <jar>".to_owned();
    })
    .await;
    let gone = app.first_party("gone").await;
    for client in ["shop", "gone"] {
        app.id_token_in(&mut owner, client).await;
    }
    clients::delete(&app.app.admin, &Authority::operator(), gone.id).await.unwrap();
    app.app.counts.write().await.unwrap();
    let page = owner.get("/admin").await;
    let apps = page.text("apps");
    assert!(apps.contains("Moon <jar>") && apps.contains("gone") && !apps.contains("shop"), "{apps}");
    assert!(page.body.contains(r#"/admin/apps/shop""#) && !page.body.contains("/admin/apps/gone"));
}

#[tokio::test]
async fn logins_are_listed_by_method_and_outcome() {
    let app = TestApp::new().await;
    let mut manager = holder(&app, Role::PeopleManager).await;
    assert!(!holder(&app, Role::AppManager).await.get("/admin").await.has("methods"));
    app.user("kim@example.com").await;
    let mut browser = app.browser();
    let login = browser.get("/login").await;
    for password in ["not this", "nor this", PASSWORD] {
        browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", password)]).await;
    }
    app.app.counts.write().await.unwrap();
    let page = manager.get("/admin").await;
    let html = page.html();
    let is_password = |row: &scraper::ElementRef<'_>| row.text().collect::<String>().starts_with("Password");
    let row = html.select(&"#methods tbody tr".try_into().unwrap()).find(is_password).unwrap();
    let counted: Vec<String> = row.select(&"td".try_into().unwrap()).map(|cell| cell.text().collect()).collect();
    assert_eq!((counted.len(), counted[1].as_str()), (2, "2"), "what failed stands beside what did not: {counted:?}");
}

/// Where the list of what needs attention leads.
fn needs(page: &Page) -> Vec<String> {
    let html = page.html();
    let to = |link: scraper::ElementRef<'_>| link.value().attr("href").unwrap().to_owned();
    html.select(&"#needs a".try_into().unwrap()).map(to).collect()
}

#[tokio::test]
async fn what_needs_attention_leads_to_where_it_is_mended_and_is_gone_after_that() {
    let app = TestApp::new().await;
    let operator = Authority::operator();
    let mut manager = holder(&app, Role::AppManager).await;
    let before = manager.get("/admin").await;
    assert!(before.has("nothing-needed") && needs(&before).is_empty(), "{}", before.body);

    let web =
        serde_json::json!({ "client_id": "web", "client_name": "Web", "redirect_uris": ["https://web.example/"] });
    let id = clients::create(&app.admin, &operator, serde_json::from_value(web).unwrap()).await.unwrap().client.id;
    clients::rotate_secret(&app.admin, &operator, &id, Duration::ZERO).await.unwrap();
    assert!(needs(&manager.get("/admin").await).is_empty(), "the old secret ended at once");
    clients::rotate_secret(&app.admin, &operator, &id, Duration::from_hours(24)).await.unwrap();
    let asked = Ask::of("web").with("redirect_uri", "https://elsewhere.example/").url();
    app.browser().get(&asked).await;
    app.app.refusals.written().await;
    let page = manager.get("/admin").await;
    assert_eq!(needs(&page), ["/admin/apps/web/problems", "/admin/apps/web/credentials"], "{}", page.text("needs"));
    app.clock.advance(Duration::from_hours(49));
    let mut manager = holder_again(&app, Role::AppManager).await;
    assert!(manager.get("/admin").await.has("nothing-needed"), "the secret ended, and the refusal is of long ago");
}

#[tokio::test]
async fn owners_hear_of_keys_webhooks_and_the_setup_too() {
    let app = TestApp::new().await;
    let hook = serde_json::json!({ "url": "https://hooks.example/in", "name": "hooks", "enabled": false });
    let hook = serde_json::from_value(hook).unwrap();
    let hook = webhooks::create(&app.admin, &Authority::operator(), &hook).await.unwrap().webhook;
    app.clock.advance(Duration::from_hours(24 * 32));
    let mut owner = holder(&app, Role::Owner).await;
    holder(&app, Role::Administrator).await;
    let page = owner.get("/admin").await;
    let (found, hook) = (needs(&page), format!("/admin/webhooks/{}", hook.id));
    for path in ["/admin/keys", &hook, "/admin/people?state=administrators", "/admin/setup/production"] {
        assert!(found.iter().any(|known| known == path), "{path}: {found:?}");
    }
    let second = app.user("second@example.com").await;
    users::set_roles(&app.admin, &Authority::operator(), second.id, vec![Role::Owner]).await.unwrap();
    let found = needs(&owner.get("/admin").await);
    assert!(!found.contains(&"/admin/people?state=administrators".to_owned()), "there are two: {found:?}");
    assert!(!needs(&holder(&app, Role::PeopleManager).await.get("/admin").await).contains(&"/admin/keys".to_owned()));
}

/// Another browser of somebody who holds a role.
async fn holder_again(app: &TestApp, role: Role) -> Browser {
    let email = format!("{}@example.com", role.as_str().replace('_', "-"));
    let email = EmailAddress::parse(&email).unwrap();
    let user = app.stores.users.find_by_email(&email).await.unwrap().unwrap();
    app.signed_in(&user).await
}
