//! `haechi managers`.

use serde_json::json;

use crate::documentation::pages;
use crate::support::binary::Haechi;

fn furnished() -> Haechi {
    let haechi = Haechi::new().begun();
    for email in ["kim@example.com", "lee@example.com"] {
        haechi.out(&["users", "create", email, "--no-password"]);
    }
    haechi.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
    haechi.out(&["groups", "define", "staff"]);
    haechi
}

#[test]
fn managers_are_added_listed_and_removed() {
    let haechi = furnished();
    for over in [["--app", "shop"], ["--group", "staff"]] {
        let with = |words: &[&'static str]| [&["managers"][..], words, &over[..]].concat();
        assert_eq!(haechi.json(&[with(&["list"]), vec!["--json"]].concat()), json!([]));
        let added = haechi.out(&[with(&["add"]), vec!["kim@example.com", "lee@example.com"]].concat());
        let manages = |email: &str| format!("{email} manages the {} {}.", over[0].trim_start_matches('-'), over[1]);
        assert!(added.contains(&manages("kim@example.com")) && added.contains(&manages("lee@example.com")), "{added}");
        assert!(haechi.out(&with(&["list"])).contains("lee@example.com"));
        haechi.out(&[with(&["remove"]), vec!["lee@example.com"]].concat());
        let left = haechi.json(&[with(&["list"]), vec!["--json"]].concat());
        assert_eq!((&left[0]["email"], left.as_array().unwrap().len()), (&json!("kim@example.com"), 1));
    }
}

#[test]
fn a_service_account_manages_too() {
    let haechi = furnished();
    let create = ["clients", "create", "--client-id", "deployment", "--name", "Deployment", "--kind", "service"];
    haechi.out(&create);
    let added = haechi.out(&["managers", "add", "--app", "shop", "deployment", "kim@example.com"]);
    assert!(added.contains("deployment manages the app shop.") && added.contains("kim@example.com manages"), "{added}");
    let listed = haechi.json(&["managers", "list", "--app", "shop", "--json"]);
    assert_eq!(listed[1], json!({ "sub": "deployment", "client_id": "deployment", "name": "Deployment" }));
    assert!(haechi.out(&["managers", "list", "--app", "shop"]).contains("Deployment"));
    haechi.out(&["managers", "remove", "--app", "shop", "deployment"]);
    assert_eq!(haechi.json(&["managers", "list", "--app", "shop", "--json"]).as_array().unwrap().len(), 1);
}

#[test]
fn what_is_wrong_is_said() {
    let haechi = furnished();
    for (words, said) in [
        (&["managers", "list", "--app", "nothing"][..], "there is no client nothing"),
        (&["managers", "list", "--group", "nothing"], "there is no group nothing"),
        (&["managers", "add", "--app", "shop", "nobody@example.com"], "there is no account nobody@example.com"),
    ] {
        let done = haechi.run(words);
        assert!(done.code == Some(1) && done.err.contains(said), "{done:?}");
    }
    for words in [&["managers", "list"][..], &["managers", "list", "--app", "shop", "--group", "staff"]] {
        let done = haechi.run(words);
        assert_eq!(done.code, Some(2), "{done:?}");
    }
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let haechi = furnished();
        let blocks = pages::blocks(page);
        let block = blocks.iter().find(|block| block.code.starts_with("haechi managers")).unwrap();
        for line in block.code.lines() {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let done = haechi.run(&words);
            assert_eq!(done.code, Some(0), "{line}: {done:?}");
        }
    }
}
