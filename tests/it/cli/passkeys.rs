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
    let remove = ["users", "passkeys", "remove", "kim@example.com", id];
    let without = haechi.run(&remove);
    assert!(without.code == Some(2) && without.err.contains("--reason"), "{without:?}");
    let remove = [&remove[..], &["--reason", "phone lost"]].concat();
    let removed = haechi.out(&remove);
    assert!(removed.contains("is removed"), "{removed}");
    let noted = haechi.json(&["audit", "--kind", "passkey_removed", "--json"]);
    assert_eq!(noted[0]["detail"], "My phone: phone lost");
    let again = haechi.run(&remove);
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

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_lost_every_way_is_printed_a_link_where_nobody_signs_in_by_password() {
    let house = TestApp::new().await;
    let owner = house.administrator("owner@example.com").await;
    let added = house.signed_in(&owner).await.add_passkey(&mut Authenticator::new(ISSUER, "lost"), "").await;
    assert!(added.has("saved"), "{}", added.body);
    house.decide_sign_in(|policy| policy.passwords = false).await;
    let haechi = Haechi::beside(&house.config);
    let recover = ["users", "recover", "owner@example.com", "--reason", "every device lost, seen in person"];
    let unsaid = haechi.run(&["users", "recover", "owner@example.com", "--yes"]);
    assert!(unsaid.code == Some(2) && unsaid.err.contains("--reason"), "{unsaid:?}");
    let empty = haechi.run(&["users", "recover", "owner@example.com", "--reason", " ", "--yes"]);
    assert!(empty.code.is_some_and(|code| code > 0) && empty.err.contains("reason"), "{empty:?}");
    let told = haechi.out(&[&recover[..], &["--yes"]].concat());
    let of = |text: &str| text.split_whitespace().find(|word| word.contains("/reset?token=hott_")).map(str::to_owned);
    let first = of(&told).unwrap_or_else(|| panic!("{told}"));
    assert!(first.starts_with(ISSUER) && told.contains("works once"), "{told}");
    assert!(house.browser().get(&first).await.has("passkey"));
    let said = haechi.json(&[&recover[..], &["--yes", "--json"]].concat());
    let url = said["url"].as_str().unwrap();
    assert_eq!((said["sub"].as_str(), of(url).as_deref()), (Some(owner.id.to_string().as_str()), Some(url)));
    assert!(house.browser().get(&first).await.has("link-spent") && house.browser().get(url).await.has("passkey"));
}
