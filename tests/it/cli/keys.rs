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
    let rotated = haechi.out(&["keys", "rotate", "--algorithm", "ES256"]);
    assert!(rotated.contains("can take over from"), "{rotated}");
    let after = haechi.json(&["keys", "list", "--json"]);
    assert!(
        after.as_array().unwrap().iter().any(|key| key["algorithm"] == "ES256" && key["state"] == "next"),
        "{after}"
    );
    let unknown = haechi.run(&["keys", "rotate", "--algorithm", "HS256"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("EdDSA"), "{unknown:?}");
}
