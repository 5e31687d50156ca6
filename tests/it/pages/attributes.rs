//! Custom attributes on pages: where they are declared, filled in, and shown to whom they are about.

use axum::http::StatusCode;
use haechi::admin::{Authority, users};
use haechi::model::attribute::AttributeValue;
use haechi::model::user::{Role, User};
use serde_json::json;

use crate::admin::attributes::declare;
use crate::support::app::TestApp;
use crate::support::browser::Browser;

async fn console() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let user = app.user("administrator@example.com").await;
    let roles = vec![Role::Administrator];
    let user = users::set_roles(&app.app.admin, &Authority::operator(), user.id, roles).await.unwrap();
    let browser = app.signed_in(&user).await;
    (app, browser)
}

async fn value(app: &TestApp, user: &User, name: &str) -> Option<AttributeValue> {
    app.app.stores.users.find(user.id).await.unwrap().unwrap().attributes.get(name).cloned()
}

#[allow(clippy::unnecessary_wraps, reason = "what is looked for may be missing")]
fn text(text: &str) -> Option<AttributeValue> {
    Some(AttributeValue::Text(text.to_owned()))
}

#[tokio::test]
async fn the_console_declares_an_attribute_fills_it_in_and_takes_it_back() {
    let (app, mut browser) = console().await;
    let empty = browser.get(&browser.clone().get("/admin/people").await.link("to-attributes")).await;
    assert!(empty.has("nothing"), "{}", empty.body);
    let wrong = browser.submit(&empty, "declare", &[("name", "1 2"), ("label", "Level")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.has("name-problem"), "{}", wrong.body);
    let filled = [("name", "level"), ("label-ko", "등급"), ("value_type", "number"), ("end_user_access", "read")];
    let declared = browser.submit(&wrong, "declare", &filled).await;
    assert!(declared.has("attributes") && declared.body.contains("Level"), "{}", declared.body);
    let taken = browser.submit(&declared, "declare", &[("name", "level")]).await;
    assert!(taken.has("name-problem"), "{}", taken.body);

    let lee = app.user("lee@example.com").await;
    let page = browser.get(&format!("/admin/people/{}", lee.id)).await;
    let wrong = browser.submit(&page, "profile-form", &[("attribute-level", "high")]).await;
    assert!(wrong.has("attribute-level-problem") && wrong.body.contains("value=\"high\""), "{}", wrong.body);
    browser.submit(&wrong, "profile-form", &[("attribute-level", "7")]).await;
    assert_eq!(value(&app, &lee, "level").await, Some(AttributeValue::Number(7.into())));
    let page = browser.get(&format!("/admin/people/{}", lee.id)).await;
    browser.submit(&page, "profile-form", &[("nickname", "L")]).await;
    assert_eq!(value(&app, &lee, "level").await, Some(AttributeValue::Number(7.into())), "what is left stays");

    let one = browser.get("/admin/people/attributes/level").await;
    let saved = browser.submit(&one, "attribute", &[("label", "Grade"), ("end_user_access", "none")]).await;
    assert!(saved.body.contains("Grade"), "{}", saved.body);
    let stale = browser.submit(&one, "attribute", &[("label", "Other")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let gone = browser.submit(&one, "take-back", &[("do", "delete")]).await;
    assert!(gone.has("nothing"), "{}", gone.body);
    let page = browser.get(&format!("/admin/people/{}", lee.id)).await;
    assert!(!page.has("attribute-level"), "hidden at once");
}

#[tokio::test]
async fn somebody_sees_and_changes_of_their_own_what_is_open_to_them() {
    let app = TestApp::new().await;
    declare(&app, json!({ "name": "badge", "end_user_access": "read", "label": "Badge" })).await;
    declare(&app, json!({ "name": "shirt", "end_user_access": "write", "label": "Shirt" })).await;
    declare(&app, json!({ "name": "news", "value_type": "boolean", "end_user_access": "write" })).await;
    declare(&app, json!({ "name": "tags", "value_type": "texts", "end_user_access": "write" })).await;
    declare(&app, json!({ "name": "risk", "label": "Risk" })).await;
    let kim = app.user("kim@example.com").await;
    let said = json!({ "attributes": { "badge": "B-7", "shirt": "M", "risk": "high" } });
    users::update(&app.admin, &Authority::operator(), kim.id, &serde_json::from_value(said).unwrap()).await.unwrap();

    let mut browser = app.signed_in(&kim).await;
    let page = browser.get("/account/profile").await;
    assert_eq!(page.text("attribute-badge"), "B-7");
    assert!(!page.body.contains("Risk") && !page.body.contains("high"), "what is for administrators: {}", page.body);
    let filled = [("attribute-shirt", "L"), ("attribute-news", "true"), ("attribute-tags", "a\r\n b ")];
    browser.submit(&page, "account-profile", &filled).await;
    assert_eq!(value(&app, &kim, "shirt").await, text("L"));
    assert_eq!(value(&app, &kim, "news").await, Some(AttributeValue::Boolean(true)));
    assert_eq!(value(&app, &kim, "tags").await, Some(AttributeValue::Texts(vec!["a".to_owned(), "b".to_owned()])));

    // Mass assignment: neither what is only shown, nor what is not, nor what there is not.
    for (field, name, was) in [
        ("attribute-badge", "badge", text("B-7")),
        ("attribute-risk", "risk", text("high")),
        ("attribute-admin", "admin", None),
    ] {
        let page = browser.get("/account/profile").await;
        let refused = browser.submit(&page, "account-profile", &[(field, "none"), ("attribute-shirt", "XL")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!((value(&app, &kim, name).await, value(&app, &kim, "shirt").await), (was, text("L")), "{field}");
    }
    let page = browser.get("/account/profile").await;
    let wrong = browser.submit(&page, "account-profile", &[("attribute-shirt", "a\u{202E}b")]).await;
    assert!(wrong.has("attribute-shirt-problem"), "{}", wrong.body);
    browser.submit(&page, "account-profile", &[("attribute-shirt", ""), ("attribute-news", "")]).await;
    assert_eq!((value(&app, &kim, "shirt").await, value(&app, &kim, "news").await), (None, None));
}
