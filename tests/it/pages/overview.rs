//! What the overview shows of how the server is used: to each administrator what they may see.

use haechi::admin::{Authority, clients};
use haechi::model::client::ConsentPolicy;
use haechi::model::user::Role;

use super::holder;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;

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
        (Role::AppManager, &["chart-refused", "apps", "health-heading"]),
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
