//! RFC 8725, JSON Web Token best current practices.

use std::collections::HashMap;

use haechi::keys::{TokenRejected, TokenType, foreign};
use haechi::model::client::SigningAlgorithm::{self, ES256, EdDSA, PS256, RS256};
use serde_json::{Value, json};

use crate::support::jose::Party;
use crate::support::keys::node;

#[test]
fn section_3_1_libraries_must_enable_the_caller_to_specify_a_supported_set_of_algorithms() {
    let party = Party::new("EdDSA");
    let token = party.token(json!({}), &json!({}));
    assert!(foreign::verify(&token, &party.jwks(), &[EdDSA]).is_ok());
    assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256, RS256]), Err(TokenRejected::Algorithm));
}

#[tokio::test]
async fn section_3_1_each_key_must_be_used_with_exactly_one_algorithm() {
    let node = node().await;
    let mut by_kid: HashMap<String, SigningAlgorithm> = HashMap::new();
    for key in node.ring.list() {
        assert!(by_kid.insert(key.id.to_string(), key.algorithm).is_none());
    }
    let jwks: Value = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    let moduli: Vec<_> = jwks["keys"].as_array().unwrap().iter().filter_map(|key| key["n"].as_str()).collect();
    assert_eq!(moduli.len(), 2, "RS256 and PS256");
    assert_ne!(moduli[0], moduli[1], "are different keys");
    assert!(node.ring.has(RS256) && node.ring.has(PS256));
}

#[test]
fn section_3_3_a_token_is_rejected_entirely_if_any_validation_fails() {
    // A right signature does not heal a wrong header, nor a right header a wrong signature.
    let (party, other) = (Party::new("ES256"), Party::new("ES256"));
    let right = party.token(json!({}), &json!({ "sub": "me" }));
    let wrong = other.token(json!({}), &json!({ "sub": "me" }));
    let mixed = format!("{}.{}", right.rsplit_once('.').unwrap().0, wrong.rsplit_once('.').unwrap().1);
    assert_eq!(foreign::verify(&mixed, &party.jwks(), &[ES256]), Err(TokenRejected::Signature));
}

#[tokio::test]
async fn section_3_10_do_not_trust_received_claims_such_as_kid_jku_and_x5u() {
    let node = node().await;
    let attacker = Party::new("ES256");
    let header = json!({ "typ": "at+jwt", "kid": "mine", "jku": "https://attacker.example", "jwk": attacker.jwk() });
    let token = attacker.token(header, &json!({}));
    assert_eq!(node.ring.verify::<Value>(&token, TokenType::AccessToken), Err(TokenRejected::UnknownKey));
}

#[tokio::test]
async fn section_3_11_use_explicit_typing() {
    let node = node().await;
    let token = node.ring.sign(ES256, TokenType::AccessToken, &json!({})).unwrap();
    assert_eq!(node.ring.verify::<Value>(&token, TokenType::IdToken), Err(TokenRejected::Type));
    assert_eq!(node.ring.verify::<Value>(&token, TokenType::LogoutToken), Err(TokenRejected::Type));
}
