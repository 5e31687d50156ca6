//! `haechi overview`: what needs attention, and how the server was used.

use haechi::admin::{Authority, webhooks};
use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::binary::Haechi;

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_what_needs_attention_and_what_was_counted() {
    let house = TestApp::new().await;
    let hook = serde_json::from_value(json!({ "url": "https://hooks.example/", "name": "hooks", "enabled": false }));
    webhooks::create(&house.admin, &Authority::operator(), &hook.unwrap()).await.unwrap();
    house.user("kim@example.com").await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    house.app.counts.write().await.unwrap();
    let haechi = Haechi::beside(&house.config);
    let text = haechi.out(&["overview"]);
    assert!(text.contains("webhook_off") && text.contains("hooks"), "{text}");
    let shown = haechi.json(&["overview", "--json"]);
    let off = shown["attention"].as_array().unwrap().iter().find(|one| one["about"] == "webhook_off");
    assert_eq!(off.unwrap()["name"], "hooks", "{shown}");
    assert!(shown["refusals"].is_array() && shown["throttled"].is_array(), "{shown}");
}
