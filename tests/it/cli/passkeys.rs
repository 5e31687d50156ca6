//! `haechi users passkeys`, and a start with a file of metadata.

use crate::documentation::pages;
use crate::support::app::{ISSUER, TestApp};
use crate::support::authenticator::Authenticator;
use crate::support::binary::Haechi;

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_listed_and_removed() {
    let house = TestApp::new().await;
    let kim = house.user("kim@example.com").await;
    let added = house.signed_in(&kim).await.add_passkey(&mut Authenticator::new(ISSUER, "kim"), "My phone").await;
    assert!(added.has("saved"), "{}", added.body);
    let haechi = Haechi::beside(&house.config);
    let list = haechi.out(&["users", "passkeys", "list", "kim@example.com"]);
    assert!(list.contains("My phone") && list.contains("LAST USED"), "{list}");
    let shown = haechi.json(&["users", "passkeys", "list", "kim@example.com", "--json"]);
    let id = shown[0]["id"].as_str().unwrap();
    assert_eq!((&shown[0]["name"], &shown[0]["backup_state"]), (&"My phone".into(), &false.into()));
    let removed = haechi.out(&["users", "passkeys", "remove", "kim@example.com", id]);
    assert!(removed.contains("is removed"), "{removed}");
    let again = haechi.run(&["users", "passkeys", "remove", "kim@example.com", id]);
    assert!(again.code == Some(1) && again.err.contains("has no passkey"), "{again:?}");
    assert_eq!(house.passkeys.of(kim.id).await.unwrap(), vec![]);
}

#[test]
fn the_guide_does_what_it_says() {
    for page in ["docs/passkeys.md", "docs/passkeys.ko.md"] {
        let haechi = Haechi::new().begun();
        haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
        for block in pages::blocks_of(page, "sh") {
            for line in block.code.lines() {
                let words: Vec<&str> = line.split(' ').skip(1).collect();
                let done = haechi.run(&words);
                assert_eq!(done.code, Some(0), "{line}: {done:?}");
            }
        }
        assert_eq!(haechi.json(&["sign-in", "show"])["passkey_sign_in"], false);
    }
}

#[test]
fn a_file_of_metadata_that_cannot_be_gone_by_is_named_at_the_start() {
    let haechi = Haechi::new()
        .set("HAECHI_PASSKEYS__ATTESTATION", "listed")
        .set("HAECHI_PASSKEYS__ALLOWED_AAGUIDS", "[\"2fc0579f-8113-47ea-b116-bb5a8db9202a\"]");
    let done = haechi.run(&["serve"]);
    assert!(done.code == Some(2) && done.err.contains("passkeys.metadata_file"), "{done:?}");
    let haechi = haechi.set("HAECHI_PASSKEYS__METADATA_FILE", "metadata.json");
    for (text, said) in [(None, "cannot be read"), (Some("{}"), "no metadata"), (Some("[]"), "no entry")] {
        if let Some(text) = text {
            haechi.folder.write("metadata.json", text);
        }
        let done = haechi.run(&["serve"]);
        assert!(done.code.is_some_and(|code| code > 0) && done.err.contains(said), "{done:?}");
        assert!(done.err.contains("metadata.json"), "{done:?}");
    }
}
