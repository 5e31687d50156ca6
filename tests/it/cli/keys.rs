//! `haechi keys`.

use crate::support::binary::Haechi;
use crate::support::keys::ED25519;

#[test]
fn keys_are_listed_without_their_private_parts_and_rotate_when_every_verifier_knows_the_next() {
    let haechi = Haechi::new().begun();
    let keys = haechi.json(&["keys", "list", "--json"]);
    assert!(
        keys.as_array().unwrap().iter().any(|key| key["algorithm"] == "ES256" && key["state"] == "active"),
        "{keys}"
    );
    assert!(!keys.to_string().contains("sealed"), "{keys}");
    let rotated = haechi.run(&["keys", "rotate", "--algorithm", "ES256"]);
    assert!(
        rotated.code == Some(3) && rotated.err.contains("no key was rotated"),
        "too early has a status of its own: {rotated:?}"
    );
    assert!(rotated.err.contains("can take over from") && rotated.out.is_empty(), "{rotated:?}");
    let told = haechi.run(&["keys", "rotate", "--algorithm", "ES256", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let rotation = &document["rotations"][0];
    assert_eq!((&rotation["algorithm"], &rotation["rotated"]), (&"ES256".into(), &false.into()), "{document}");
    assert!(rotated.err.contains(rotation["possible_at"].as_str().unwrap()), "{document}");
    let after = haechi.json(&["keys", "list", "--json"]);
    assert!(
        after.as_array().unwrap().iter().any(|key| key["algorithm"] == "ES256" && key["state"] == "next"),
        "{after}"
    );
    let unknown = haechi.run(&["keys", "rotate", "--algorithm", "HS256"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("EdDSA"), "{unknown:?}");
}

#[test]
fn a_key_that_was_made_elsewhere_is_imported_from_a_file_or_a_pipe() {
    let haechi = Haechi::new().begun();
    let import = ["keys", "import", "-", "--algorithm", "EdDSA"];
    let wrong = haechi.run_with(&import, "no key");
    assert!(wrong.code != Some(0) && wrong.err.contains("openssl pkcs8 -topk8 -nocrypt"), "{wrong:?}");
    let done = haechi.run_with(&import, ED25519);
    assert!(done.code == Some(0) && done.out.contains("is the next EdDSA key"), "{done:?}");
    assert!(
        done.out.contains("It is published now, and signs from 2") && !done.out.contains("keys rotate"),
        "{done:?}"
    );
    let keys = haechi.json(&["keys", "list", "--json"]);
    assert!(keys.as_array().unwrap().iter().any(|key| key["algorithm"] == "EdDSA" && key["state"] == "next"), "{keys}");
    let again = haechi.run_with(&import, ED25519);
    assert!(again.code != Some(0) && again.err.contains("holds this key already"), "{again:?}");
}

#[test]
fn algorithms_are_switched_off_and_on_and_those_that_every_server_has_stay() {
    let haechi = Haechi::new().begun();
    let shown = haechi.out(&["keys", "algorithms", "--off", "PS256"]);
    let row = shown.lines().find(|line| line.starts_with("PS256")).unwrap();
    assert!(row.ends_with("off"), "{shown}");
    let again = haechi.json(&["keys", "algorithms", "--off", "ES384", "--json"]);
    assert_eq!(again["algorithms_off"], serde_json::json!(["PS256", "ES384"]));
    let needed = haechi.run(&["keys", "algorithms", "--off", "RS256"]);
    assert!(needed.code != Some(0) && needed.err.contains("stays on"), "{needed:?}");
    let on = haechi.json(&["keys", "algorithms", "--on", "PS256", "--on", "ES384", "--json"]);
    assert_eq!(on["algorithms_off"], serde_json::json!([]));
}
