//! `haechi keys`.

use crate::support::binary::Haechi;

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
