//! `haechi groups` and `haechi roles`.

use serde_json::json;

use crate::documentation::pages;
use crate::support::binary::Haechi;

#[test]
fn groups_and_roles_are_defined_given_listed_and_deleted() {
    let haechi = Haechi::new().begun();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    haechi.out(&["roles", "define", "reader", "--label", "Reader"]);
    let staff = haechi.json(&["groups", "define", "staff", "--role", "reader", "--label-in", "ko=직원", "--json"]);
    assert_eq!((&staff["roles"], &staff["label#ko"]), (&json!(["reader"]), &json!("직원")));
    let changed = haechi.json(&["groups", "define", "staff", "--description", "Everybody", "--json"]);
    assert_eq!((&changed["roles"], &changed["version"]), (&json!(["reader"]), &json!(1)));
    assert!(haechi.out(&["groups", "add", "staff", "kim@example.com"]).contains("kim@example.com has staff"));
    assert!(haechi.out(&["groups", "members", "staff"]).contains("kim@example.com"));
    assert!(haechi.out(&["groups", "list", "--search", "every"]).contains("staff"));
    assert!(!haechi.out(&["roles", "members", "reader"]).contains("kim@example.com"), "it is the group's");
    haechi.out(&["groups", "remove", "staff", "kim@example.com"]);
    assert!(!haechi.out(&["groups", "members", "staff"]).contains("kim@example.com"));
    let gone = haechi.json(&["groups", "define", "staff", "--role", "", "--json"]);
    assert_eq!(gone["roles"], json!([]));
    let unasked = haechi.run(&["roles", "delete", "reader"]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    let strict = haechi.json(&["roles", "define", "reader", "--require-second-factor", "true", "--json"]);
    assert_eq!((&strict["require_second_factor"], &strict["label"]), (&json!(true), &json!("Reader")));
    let named = haechi.json(&["roles", "define", "reader", "--description", "Reads", "--json"]);
    assert_eq!(named["require_second_factor"], json!(true), "what is not named stays");
    haechi.out(&["roles", "delete", "reader", "--yes"]);
    assert_eq!(haechi.json(&["roles", "list", "--json"]), json!([]));
}

#[test]
fn an_account_is_shown_with_what_it_was_given_and_a_role_is_found_by_its_app() {
    let haechi = Haechi::new().begun();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    haechi.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
    haechi.out(&["roles", "define", "manager", "--client", "shop"]);
    haechi.out(&["groups", "define", "staff"]);
    haechi.out(&["groups", "add", "staff", "kim@example.com"]);
    haechi.out(&["roles", "add", "manager", "kim@example.com", "--client", "shop"]);
    let shown = haechi.out(&["users", "show", "kim@example.com"]);
    let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(document["memberships"], json!({ "groups": ["staff"], "roles": ["shop:manager"] }));
    haechi.folder.write("kim.json", &shown);
    assert!(haechi.out(&["users", "update", "kim@example.com", "--file", "kim.json"]).contains("unchanged"));
    haechi.folder.write("kim.json", shown.replace("staff", "owners"));
    let refused = haechi.run(&["users", "update", "kim@example.com", "--file", "kim.json"]);
    assert!(refused.code == Some(2) && refused.err.contains("haechi groups"), "{refused:?}");

    for named in [&["manager", "--client", "shop"][..], &["shop:manager", "--client", "shop"], &["shop:manager"]] {
        let found = haechi.json(&[&["roles", "show"], named].concat());
        assert_eq!((&found["name"], &found["client_id"]), (&json!("manager"), &json!("shop")), "{named:?}");
    }
    let members = haechi.out(&["roles", "members", "manager", "--client", "shop"]);
    assert!(members.contains("kim@example.com"), "{members}");
    haechi.out(&["roles", "remove", "manager", "kim@example.com", "--client", "shop"]);
    haechi.out(&["roles", "delete", "manager", "--client", "shop", "--yes"]);
    assert_eq!(haechi.json(&["roles", "list", "--json"]), json!([]));
}

#[test]
fn what_is_wrong_is_said() {
    let haechi = Haechi::new().begun();
    let nobody = haechi.run(&["groups", "show", "staff"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("there is no group staff"), "{nobody:?}");
    let unknown = haechi.run(&["roles", "define", "manager", "--client", "nobody"]);
    assert!(unknown.code == Some(1) && unknown.err.contains("there is no such client"), "{unknown:?}");
    haechi.out(&["groups", "define", "staff"]);
    let missing = haechi.run(&["groups", "add", "staff", "nobody@example.com"]);
    assert!(missing.code == Some(1) && missing.err.contains("there is no account"), "{missing:?}");
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let haechi = Haechi::new().begun();
        haechi.out(&["users", "create", "admin@example.com", "--no-password"]);
        let blocks = pages::blocks(page);
        let block = blocks.iter().find(|block| block.code.starts_with("haechi roles")).unwrap();
        for line in block.code.lines() {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let done = haechi.run(&words);
            assert_eq!(done.code, Some(0), "{line}: {done:?}");
        }
    }
}
