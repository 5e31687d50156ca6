//! The one search of the console: what it finds besides people and apps, and for whom.

use haechi::admin::affiliations::{self, GroupResource, RoleResource};
use haechi::admin::{Authority, apis, claim_rules, webhooks};
use haechi::model::user::Role;
use serde_json::json;

use super::holder;
use crate::support::app::TestApp;
use crate::support::browser::Page;

/// Where the results lead, in their order.
fn leads_to(page: &Page) -> Vec<String> {
    let html = page.html();
    let to = |link: scraper::ElementRef<'_>| link.value().attr("href").unwrap().to_owned();
    html.select(&"#results a".try_into().unwrap()).map(to).collect()
}

#[tokio::test]
async fn it_finds_groups_roles_rules_apis_webhooks_and_settings_for_who_may_see_them() {
    let app = TestApp::new().await;
    let (admin, operator) = (&app.admin, Authority::operator());
    let group: GroupResource = serde_json::from_value(json!({ "name": "heron-staff" })).unwrap();
    let group = affiliations::create(admin, &operator, &group).await.unwrap().affiliation.id;
    let role: RoleResource = serde_json::from_value(json!({ "name": "heron-reader" })).unwrap();
    let role = affiliations::create(admin, &operator, &role).await.unwrap().affiliation.id;
    let api = json!({ "resource": "https://heron.example/api", "resource_name": "Heron" });
    let api = apis::create(admin, &operator, &serde_json::from_value(api).unwrap()).await.unwrap().id;
    let rule = json!({ "name": "heron-rule", "claim": "heron", "source": "groups", "scope": "profile" });
    let rule = serde_json::from_value(rule).unwrap();
    claim_rules::create(admin, &operator, &rule).await.unwrap();
    let hook = serde_json::from_value(json!({ "url": "https://heron.example/in" })).unwrap();
    let hook = webhooks::create(admin, &operator, &hook).await.unwrap().webhook.id;

    let of_people =
        [format!("/admin/groups/{group}"), format!("/admin/roles/{role}"), "/admin/claims/rules/heron-rule".to_owned()];
    let of_apps = [format!("/admin/apis/{api}")];
    let of_hooks = [format!("/admin/webhooks/{hook}")];
    for (role, seen) in [
        (Role::Auditor, [&of_people[..], &of_apps, &of_hooks].concat()),
        (Role::PeopleManager, of_people.to_vec()),
        (Role::AppManager, of_apps.to_vec()),
    ] {
        let page = holder(&app, role).await.get("/admin/search?q=HERON").await;
        assert_eq!(leads_to(&page), seen, "{role:?}");
    }
}

#[tokio::test]
async fn a_single_setting_is_found_where_it_stands_and_many_are_narrowed_down_to() {
    let app = TestApp::new().await;
    let mut auditor = holder(&app, Role::Auditor).await;
    let found = leads_to(&auditor.get("/admin/search?q=rotation_days").await);
    assert_eq!(found, ["/admin/settings#keys-rotation_days"]);
    assert!(auditor.get("/admin/settings").await.has("keys-rotation_days"), "the place is there");
    let found = leads_to(&auditor.get("/admin/search?q=HAECHI_").await);
    assert_eq!((found.len(), found.last().map(String::as_str)), (9, Some("/admin/settings?q=HAECHI_")));
    assert!(leads_to(&holder(&app, Role::AppManager).await.get("/admin/search?q=rotation_days").await).is_empty());
}
