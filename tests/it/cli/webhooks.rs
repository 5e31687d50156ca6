//! `haechi webhooks`.

use crate::documentation::pages;
use crate::support::binary::Haechi;

#[test]
fn a_webhook_is_made_changed_tried_and_deleted() {
    let haechi = Haechi::new().begun();
    let made =
        haechi.json(&["webhooks", "create", "--url", "https://hooks.example/in", "--kind", "user_created", "--json"]);
    let id = made["id"].as_str().unwrap();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
    let shown = haechi.json(&["webhooks", "show", id]);
    assert!(shown.get("secret").is_none() && shown["secrets"].as_array().unwrap().len() == 1, "{shown}");
    assert_eq!(shown["kinds"], serde_json::json!(["user_created"]));
    haechi.out(&["webhooks", "update", id, "--kind", ""]);
    assert!(haechi.out(&["webhooks", "list"]).contains("everything"));
    let tested = haechi.json(&["webhooks", "test", id, "--json"]);
    let message = tested["id"].as_str().unwrap();
    assert!(haechi.out(&["webhooks", "messages", id]).contains("waiting"));
    assert!(haechi.out(&["webhooks", "replay", id, message]).contains("sent again"));
    assert!(haechi.out(&["webhooks", "rotate-secret", id]).contains("whsec_"));
    haechi.out(&["webhooks", "disable", id]);
    assert_eq!(haechi.json(&["webhooks", "show", id])["enabled"], false);
    let unasked = haechi.run(&["webhooks", "delete", id]);
    assert_eq!(unasked.code, Some(1), "{unasked:?}");
    haechi.out(&["webhooks", "delete", id, "--yes"]);
    assert_eq!(haechi.json(&["webhooks", "list", "--json"]).as_array().unwrap().len(), 0);
}

#[test]
fn what_is_wrong_is_said_with_its_option() {
    let haechi = Haechi::new().begun();
    let plain = haechi.run(&["webhooks", "create", "--url", "http://hooks.example/in"]);
    assert!(plain.code == Some(1) && plain.err.contains("--url: must use https"), "{plain:?}");
    let unknown = haechi.run(&["webhooks", "create", "--url", "https://hooks.example/in", "--kind", "user_creatd"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("user_created"), "{unknown:?}");
    let nobody = haechi.run(&["webhooks", "show", "whk_018bcfe5680070008000000000000001"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("there is no webhook"), "{nobody:?}");
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let haechi = Haechi::new().begun();
        let blocks = pages::blocks(page);
        let block = blocks.iter().find(|block| block.code.starts_with("haechi webhooks")).unwrap();
        for line in block.code.lines() {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let done = haechi.run(&words);
            assert_eq!(done.code, Some(0), "{line}: {done:?}");
        }
    }
}
