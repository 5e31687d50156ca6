//! What programs read of the server itself: its settings, its setup, how it is used and what needs attention.

use haechi::admin::{Authority, production};
use haechi::model::user::Role;
use serde_json::{Value, json};

use super::{call, house, problem, token_as};
use crate::support::app::PASSWORD;

/// The entry of a list whose member says this.
fn entry<'a>(list: &'a Value, member: &str, says: &str) -> &'a Value {
    let items = list["items"].as_array().unwrap();
    items.iter().find(|item| item[member] == says).unwrap_or_else(|| panic!("no {says} in {list}"))
}

#[tokio::test]
async fn settings_say_what_set_them_and_no_secret() {
    let house = house().await;
    let token = token_as(&house, Role::Auditor).await;
    let list = call(&house, "GET", "/settings", &token).send().await.expect(200);
    let rotation = entry(&list, "path", "keys.rotation_days");
    assert_eq!(
        (&rotation["value"], &rotation["default"], &rotation["set_by"], &rotation["section"]),
        (&json!(30), &json!(30), &json!("default"), &json!("keys"))
    );
    assert_eq!(entry(&list, "path", "server.issuer")["variable"], "HAECHI_SERVER__ISSUER");
    let key = house.config.keys.key_encryption_key.clone().unwrap();
    assert!(!list.to_string().contains(&key), "{list}");
}

#[tokio::test]
async fn the_setup_is_looked_at_and_what_production_needs_is_what_the_console_says() {
    let house = house().await;
    let token = token_as(&house, Role::Auditor).await;
    let checks = call(&house, "GET", "/setup/checks", &token).send().await.expect(200);
    assert_eq!(entry(&checks, "about", "signing")["state"], "ok");
    let said = call(&house, "GET", "/setup/production", &token).send().await.expect(200);
    let operator = Authority::operator();
    assert_eq!(said["toml"], production::toml(&operator, &house.config).unwrap());
    assert_eq!(said["helm_values"], production::helm_values(&operator, &house.config).unwrap());
    assert!(said["missing"].as_array().unwrap().contains(&json!("log")), "{said}");
    let health = call(&house, "GET", "/health?fields=database,keys", &token).send().await.expect(200);
    assert_eq!(health, json!({ "database": "good", "keys": "good" }));
}

#[tokio::test]
async fn what_was_counted_is_listed_by_the_day_and_by_the_hour() {
    let house = house().await;
    let token = token_as(&house, Role::Auditor).await;
    house.user("kim@example.com").await;
    let mut browser = house.browser();
    let login = browser.get("/login").await;
    for password in ["not this", PASSWORD] {
        browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", password)]).await;
    }
    house.app.counts.write().await.unwrap();
    for (query, spans) in [("", 14), ("?resolution=hour", 48)] {
        let list = call(&house, "GET", &format!("/counts/logins{query}"), &token).send().await.expect(200);
        let failed = entry(&list, "what", "password failed");
        assert_eq!((&failed["total"], failed["spans"].as_array().unwrap().len()), (&json!(1), spans), "{query}");
        assert_eq!(failed["spans"][spans - 1]["count"], 1, "{query}: now comes last");
    }
    let answer = call(&house, "GET", "/counts/logins?resolution=year", &token).send().await;
    assert_eq!(problem(&answer).0, 400);
    let active = call(&house, "GET", "/counts/active-people", &token).send().await.expect(200);
    assert_eq!(active["items"].as_array().unwrap().len(), 14);
}

#[tokio::test]
async fn what_needs_attention_and_what_there_is_to_connect_are_listed() {
    let house = house().await;
    let token = token_as(&house, Role::Owner).await;
    let list = call(&house, "GET", "/attention", &token).send().await.expect(200);
    entry(&list, "about", "one_owner");
    assert!(entry(&list, "about", "not_for_production")["count"].as_u64().unwrap() > 0);
    let presets = call(&house, "GET", "/presets?fields=id,console", &token).send().await.expect(200);
    assert!(entry(&presets, "id", "kakao")["console"].as_str().unwrap().starts_with("https://"));
    let recipes = call(&house, "GET", "/recipes", &token).send().await.expect(200);
    assert!(!entry(&recipes, "name", "spring")["configuration"].as_array().unwrap().is_empty());
}
