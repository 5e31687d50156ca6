//! Claim rules in the console, and the preview of somebody's tokens.

use axum::http::StatusCode;
use haechi::admin::claim_rules;
use haechi::admin::{Authority, ProvenAuthority};
use haechi::model::user::Role;
use serde_json::json;

use super::holder;
use crate::admin::attributes::declare;
use crate::admin::claim_rules::{equip, rule};
use crate::support::app::TestApp;

const OPERATOR: ProvenAuthority = Authority::operator();

#[tokio::test]
async fn a_rule_is_made_changed_and_deleted() {
    let app = TestApp::new().await;
    declare(&app, json!({ "name": "level" })).await;
    let mut browser = holder(&app, Role::Administrator).await;
    let empty = browser.get("/admin/claims").await;
    assert!(empty.has("nothing") && empty.has("add") && !empty.has("claims"), "{}", empty.body);
    let form = browser.get("/admin/claims/new").await;
    let fields = [
        ("name", "level"),
        ("claim", "level"),
        ("source", "attribute"),
        ("attribute", "level"),
        ("scope", "profile"),
        ("values", "gold = Au\nsilver = Ag"),
        ("id_token", "yes"),
        // What was typed before another source was chosen says nothing.
        ("value", "leftover"),
    ];
    let page = browser.submit(&form, "create", &fields).await;
    assert!(page.has("done"), "{}", page.body);
    let made = claim_rules::find(&app.admin, &OPERATOR, "level").await.unwrap().unwrap();
    assert_eq!((made.values.len(), made.tokens.len(), made.values["gold"].as_str()), (2, 2, "Au"));
    assert!(page.body.contains(">gold = Au\nsilver = Ag</textarea>"), "{}", page.body);

    // A browser sends what is selected, too.
    let of = ("attribute", "level");
    let hostile = "\"><script>alert(1)</script>";
    let wrong = browser.submit(&page, "rule", &[("claim", hostile), ("scope", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.has("claim-problem") && wrong.has("scope-problem") && !wrong.body.contains("<script>alert"),
        "{}",
        wrong.body
    );
    let described = browser.submit(&page, "rule", &[("description", "<img src=x onerror=alert(1)>"), of]).await;
    assert!(described.has("done") && !described.body.contains("<img src=x"), "{}", described.body);
    let stale = browser.submit(&page, "rule", &[("scope", "email"), of]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let unread = browser.submit(&described, "rule", &[("values", "gold"), of]).await;
    assert!(unread.status == StatusCode::UNPROCESSABLE_ENTITY && unread.has("values-problem"), "{}", unread.body);
    let listed = browser.get("/admin/claims").await;
    assert!(listed.text("claims").contains("level"), "{}", listed.body);
    let confirm = browser.get("/admin/claims/rules/level/delete").await;
    browser.submit(&confirm, "delete", &[]).await;
    assert_eq!(browser.get("/admin/claims/rules/level").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_name_that_is_defined_or_taken_is_said_beside_its_field() {
    let app = TestApp::new().await;
    rule(&app.app, json!({ "name": "access", "claim": "access", "source": "roles", "scope": "profile" })).await;
    let mut browser = holder(&app, Role::Administrator).await;
    let form = browser.get("/admin/claims/new").await;
    for (name, claim, beside) in
        [("a", "sub", "claim-problem"), ("a", "access", "claim-problem"), ("access", "other", "name-problem")]
    {
        let fields = [("name", name), ("claim", claim), ("source", "roles"), ("scope", "profile")];
        let wrong = browser.submit(&form, "create", &fields).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.has(beside), "{claim}: {}", wrong.body);
    }
    let mut auditor = holder(&app, Role::Auditor).await;
    assert!(!auditor.get("/admin/claims").await.has("add"));
    assert_eq!(auditor.get("/admin/claims/new").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_somebodys_tokens_say_is_shown_on_their_page_and_found_from_the_apps() {
    let app = TestApp::new().await;
    app.client("shop", |_| {}).await;
    declare(&app, json!({ "name": "level" })).await;
    rule(
        &app.app,
        json!({ "name": "level", "claim": "level", "attribute": "level", "scope": "profile", "tokens": ["id_token"] }),
    )
    .await;
    let kim = app.user("kim@example.com").await;
    equip(&app.app, kim.id, json!({ "level": "<b>gold</b>" }), json!({})).await;
    let mut browser = holder(&app, Role::Administrator).await;
    let page = browser.get(&format!("/admin/people/{}/preview", kim.id)).await;
    assert!(page.has("preview") && !page.has("documents"), "{}", page.body);
    let shown = browser.get(&format!("/admin/people/{}/preview?client_id=shop&scope=", kim.id)).await;
    for (document, said) in [("access-token", "client_id"), ("id-token", "level"), ("userinfo", "kim@example.com")] {
        assert!(shown.text(document).contains(said), "{document}: {}", shown.body);
    }
    assert!(!shown.body.contains("<b>gold"), "{}", shown.body);
    assert!(shown.form("preview").field("scope").unwrap().contains("openid"), "what it is registered for is filled in");
    let nobody = browser.get(&format!("/admin/people/{}/preview?client_id=nobody", kim.id)).await;
    assert!(nobody.status == StatusCode::UNPROCESSABLE_ENTITY && nobody.has("client_id-problem"), "{}", nobody.body);
    let found = browser.get("/admin/apps/shop/preview?email=kim@example.com").await;
    assert!(found.has("documents"), "{}", found.body);
    let missing = browser.get("/admin/apps/shop/preview?email=nobody@example.com").await;
    assert!(missing.has("email-problem"), "{}", missing.body);

    // Who sees people or apps alone sees no tokens.
    let mut people = holder(&app, Role::PeopleManager).await;
    let person = people.get(&format!("/admin/people/{}", kim.id)).await;
    assert!(!person.body.contains("/preview"), "{}", person.body);
    let refused = people.get(&format!("/admin/people/{}/preview?client_id=shop", kim.id)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut apps = holder(&app, Role::AppManager).await;
    assert_eq!(apps.get("/admin/apps/shop/preview?email=kim@example.com").await.status, StatusCode::FORBIDDEN);
}
