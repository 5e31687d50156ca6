//! `haechi apis`.

use serde_json::json;

use super::help::words;
use crate::documentation::pages;
use crate::support::binary::Haechi;

const ORDERS: &str = "https://orders.example/";

#[test]
fn an_api_is_declared_changed_given_to_apps_and_deleted() {
    let haechi = Haechi::new().begun();
    let made = haechi.out(&[
        "apis",
        "create",
        "--resource",
        ORDERS,
        "--scope",
        "orders:read=See your orders",
        "--scope",
        "orders:write",
    ]);
    assert!(made.contains("haechi apis add https://orders.example/ CLIENT_ID"), "{made}");
    let shown = haechi.json(&["apis", "show", "https://orders.example"]);
    assert_eq!(
        shown["scopes"],
        json!([{ "scope": "orders:read", "description": "See your orders" }, { "scope": "orders:write" }])
    );
    assert_eq!(shown["resource_name"], "orders.example");

    let described = json!({ "scopes": [{ "scope": "orders:read", "description": "See", "description#ko": "보기" }] });
    let read = haechi.run_with(&["apis", "update", ORDERS, "--file", "-"], &described.to_string());
    assert!(read.out.contains("https://orders.example/ is changed."), "{read:?}");
    let changed = haechi.json(&[
        "apis",
        "update",
        ORDERS,
        "--name",
        "Orders",
        "--name-in",
        "ko=주문",
        "--scope",
        "orders:read=See your orders",
        "--token-type",
        "JWT",
        "--lifetime",
        "300",
        "--json",
    ]);
    // What is said of a scope in further languages stays.
    assert_eq!(
        changed["scopes"],
        json!([{ "scope": "orders:read", "description": "See your orders", "description#ko": "보기" }])
    );
    assert_eq!((&changed["access_token_type"], &changed["access_token_lifetime"]), (&json!("JWT"), &json!(300)));
    let listed = haechi.out(&["apis", "list", "--search", "주문"]);
    assert!(listed.contains("Orders") && listed.contains("JWT, 300 s"), "{listed}");
    let free = haechi.json(&["apis", "update", ORDERS, "--token-type", "", "--lifetime", "0", "--scope", "", "--json"]);
    assert_eq!((free.get("access_token_type"), &free["scopes"]), (None, &json!([])));

    haechi.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
    assert!(haechi.out(&["apis", "add", ORDERS, "shop"]).contains("shop may ask tokens for https://orders.example/"));
    assert_eq!(haechi.json(&["clients", "show", "shop"])["resources"], json!([ORDERS]));
    assert!(haechi.out(&["apis", "apps", ORDERS]).contains("shop"));
    let used = haechi.run(&["apis", "delete", ORDERS, "--yes"]);
    assert!(used.code == Some(1) && used.err.contains("1 client may ask tokens for it"), "{used:?}");
    haechi.out(&["apis", "remove", ORDERS, "shop"]);
    let unasked = haechi.run(&["apis", "delete", ORDERS]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    haechi.out(&["apis", "delete", ORDERS, "--yes"]);
    assert_eq!(haechi.json(&["apis", "list", "--json"]), json!([]));
}

#[test]
fn what_is_wrong_is_said_by_the_option() {
    let haechi = Haechi::new().begun();
    let nothing = haechi.run(&["apis", "show", ORDERS]);
    assert!(nothing.code == Some(1) && nothing.err.contains("there is no API https://orders.example/"), "{nothing:?}");
    let relative = haechi.run(&["apis", "create", "--resource", "orders"]);
    assert!(relative.code == Some(1) && relative.err.contains("--resource"), "{relative:?}");
    let own = haechi.run(&["apis", "create", "--resource", ORDERS, "--scope", "openid=Everything"]);
    assert!(own.code == Some(1) && own.err.contains("--scope") && own.err.contains("openid"), "{own:?}");
    haechi.out(&["apis", "create", "--resource", ORDERS]);
    let nobody = haechi.run(&["apis", "add", ORDERS, "nobody"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("there is no client nobody"), "{nobody:?}");
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/clients.md", "docs/clients.ko.md"] {
        let haechi = Haechi::new().begun();
        haechi.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
        let blocks = pages::blocks(page);
        let block = blocks.iter().find(|block| block.code.starts_with("haechi apis")).unwrap();
        for line in block.code.replace("\\\n", " ").lines() {
            let words = words(line);
            let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
            let done = haechi.run(&words);
            assert_eq!(done.code, Some(0), "{line}: {done:?}");
        }
    }
}
