//! RFC 7517, JSON Web Key.

use std::collections::HashSet;

use haechi::keys::{JwksRejected, TokenRejected, foreign};
use haechi::model::client::SigningAlgorithm::ES256;
use serde_json::{Value, json};

use crate::support::jose::Party;
use crate::support::keys::node;

fn verify(party: &Party, jwks: &Value) -> Result<(), TokenRejected> {
    foreign::verify(&party.token(json!({}), &json!({})), jwks, &[ES256]).map(|_| ())
}

#[tokio::test]
async fn section_4_5_different_keys_within_the_jwk_set_should_use_distinct_kid_values() {
    let node = node().await;
    let jwks: Value = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    let ids: HashSet<_> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), keys.len());
    let same = Party::new("ES256").jwk_with(json!({ "kid": "a" }));
    let twice = json!({ "keys": [same, same] });
    assert_eq!(foreign::check_jwks(&twice), Err(JwksRejected::DuplicateKeyId(1)));
}

#[test]
fn section_4_2_a_key_whose_use_is_encryption_verifies_nothing() {
    let party = Party::new("ES256");
    let for_use = |usage: Value| json!({ "keys": [party.jwk_with(json!({ "use": usage }))] });
    assert_eq!(verify(&party, &for_use(json!("sig"))), Ok(()));
    for other in [json!("enc"), json!("SIG"), json!(null), json!(["sig"])] {
        assert_eq!(verify(&party, &for_use(other)), Err(TokenRejected::UnknownKey));
    }
}

#[test]
fn section_4_3_a_key_whose_operations_lack_verify_verifies_nothing() {
    let party = Party::new("ES256");
    let with = |operations: Value| json!({ "keys": [party.jwk_with(json!({ "key_ops": operations }))] });
    assert_eq!(verify(&party, &with(json!(["verify"]))), Ok(()));
    for other in [json!(["sign"]), json!(["encrypt", "wrapKey"]), json!([]), json!("verify")] {
        assert_eq!(verify(&party, &with(other)), Err(TokenRejected::UnknownKey));
    }
}

#[test]
fn section_5_implementations_should_ignore_jwks_with_kty_values_that_are_not_understood() {
    let party = Party::new("ES256");
    let jwks = json!({ "keys": [
        { "kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA" },
        { "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA" },
        { "kty": "EC", "crv": "P-256", "x": "too short", "y": "AA" },
        "not even an object",
        party.jwk(),
    ] });
    assert_eq!(verify(&party, &jwks), Ok(()));
}

#[test]
fn section_4_unknown_members_of_a_key_are_ignored() {
    let party = Party::new("ES256");
    let jwks = json!({ "keys": [party.jwk_with(json!({ "https://example.com/note": [1], "x5t": "AA" }))] });
    assert_eq!(verify(&party, &jwks), Ok(()));
    assert_eq!(foreign::check_jwks(&jwks), Ok(()));
}

#[test]
fn section_9_3_a_set_that_shows_a_private_key_is_not_trusted_with_it() {
    let party = Party::new("ES256");
    let jwks = json!({ "keys": [party.jwk_with(json!({ "d": "AAAA" }))] });
    assert_eq!(verify(&party, &jwks), Err(TokenRejected::UnknownKey));
}
