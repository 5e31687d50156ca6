//! RFC 8037, CFRG elliptic curves in JOSE.

use haechi::keys::{JwksRejected, TokenRejected, TokenType, foreign};
use haechi::model::client::SigningAlgorithm::EdDSA;
use serde_json::{Value, json};

use crate::support::keys::node;

/// Appendix A.2.
fn example_key() -> Value {
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] })
}

const SIGNED: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
const SIGNATURE: &str = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

#[test]
fn appendix_a_4_ed25519_signing_and_a_5_validation() {
    // The payload of the example is a sentence and no JSON: with the right signature that is what it fails at.
    let token = format!("{SIGNED}.{SIGNATURE}");
    assert_eq!(foreign::verify(&token, &example_key(), &[EdDSA]), Err(TokenRejected::Malformed));
    let token = format!("{SIGNED}.{}", SIGNATURE.replacen('h', "i", 1));
    assert_eq!(foreign::verify(&token, &example_key(), &[EdDSA]), Err(TokenRejected::Signature));
}

#[tokio::test]
async fn section_2_kty_must_be_okp_and_crv_and_x_must_be_present() {
    let node = node().await;
    let jwks: Value = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["alg"] == "EdDSA").unwrap();
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert_eq!(key["x"].as_str().unwrap().len(), 43);
    for (member, outcome) in
        [("kty", JwksRejected::Kind(0)), ("crv", JwksRejected::Kind(0)), ("x", JwksRejected::Bounds(0))]
    {
        let mut lacking = example_key();
        lacking["keys"][0].as_object_mut().unwrap().remove(member);
        assert_eq!(foreign::check_jwks(&lacking), Err(outcome), "{member}");
    }
}

#[tokio::test]
async fn section_3_1_1_signing_with_eddsa_is_the_algorithm_of_the_header() {
    let node = node().await;
    let token = node.ring.sign(EdDSA, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    let jwks = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    assert!(foreign::verify(&token, &jwks, &[EdDSA]).is_ok());
}
