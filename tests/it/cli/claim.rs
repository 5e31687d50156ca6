//! `haechi claim`.

use super::PASSWORD;
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;

#[tokio::test]
async fn a_fresh_link_makes_the_administrator_and_the_ones_before_do_not() {
    let haechi = Haechi::new();
    let server = haechi.start();
    let printed = server.out();
    let first = printed.split_whitespace().find(|word| word.contains("/claim?token=")).unwrap().to_owned();
    let fresh = haechi.out(&["claim"]).lines().next().unwrap().to_owned();
    assert!(fresh.starts_with(&format!("{}/claim?token=hott_", haechi.issuer())), "{fresh}");

    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let filled = [("name", "Kim"), ("email", "kim@example.com"), ("password", PASSWORD)];
    let spent = browser.get(&first).await;
    assert!(spent.has("claim-spent"), "{}", spent.body);
    let page = browser.get(&fresh).await;
    browser.submit(&page, "claim", &filled).await;

    let users = haechi.json(&["users", "list", "--json"]);
    assert_eq!(users[0]["roles"], serde_json::json!(["owner"]), "{users}");
    let again = haechi.run(&["claim"]);
    assert!(again.code == Some(1) && again.err.contains("administrator already"), "{again:?}");
}
