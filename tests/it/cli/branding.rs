//! `haechi branding`: what is decided beside a running server is seen there.

use std::time::Duration;

use serde_json::json;

use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;

#[tokio::test]
async fn what_is_decided_beside_a_running_server_is_seen_there() {
    let haechi = Haechi::new().begun();
    let _server = haechi.start();
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let set = [
        "branding",
        "set",
        "--product-name",
        "Books",
        "--text-in",
        "product_name#ko=책방",
        "--accent-color",
        "#123a7a",
    ];
    let shown = haechi.json(&set);
    assert_eq!((&shown["product_name"], &shown["product_name#ko"]), (&"Books".into(), &"책방".into()));
    assert_eq!(haechi.json(&["branding", "show"]), shown);
    let began = std::time::Instant::now();
    while !browser.get("/login").await.body.contains("Books</title>") {
        assert!(began.elapsed() < Duration::from_secs(5), "the server did not hear of it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let pale = haechi.run(&["branding", "set", "--accent-color", "#fee500"]);
    assert!(pale.code == Some(1) && pale.err.contains("the nearest shade that has it is #"), "{pale:?}");
    let unknown = haechi.run(&["branding", "set", "--text-in", "logo#ko=x"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("there is no logo#ko"), "{unknown:?}");
    assert_eq!(haechi.json(&["branding", "reset"]), json!({ "version": 2 }));
}
