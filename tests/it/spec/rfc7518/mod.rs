//! RFC 7518, JSON Web Algorithms.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haechi::keys::{JwksRejected, TokenRejected, TokenType, foreign};
use haechi::model::client::SigningAlgorithm::{self, ES256, ES384, EdDSA, PS256, RS256};
use serde_json::{Value, json};

use crate::support::jose::{Party, base64url};
use crate::support::keys::node;

#[tokio::test]
async fn section_3_each_signature_has_the_length_of_its_algorithm() {
    let node = node().await;
    for (algorithm, length) in [(ES256, 64), (ES384, 96), (EdDSA, 64), (RS256, 256), (PS256, 256)] {
        let token = node.ring.sign(algorithm, TokenType::IdToken, &json!({})).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap();
        assert_eq!(signature.len(), length, "{algorithm:?}");
    }
}

#[test]
fn section_3_3_and_3_5_one_rsa_key_signs_by_either_padding_and_neither_passes_for_the_other() {
    let (v15, pss) = (Party::new("RS256"), Party::new("PS256"));
    assert_eq!(v15.jwk(), pss.jwk());
    for (party, claimed, ok) in
        [(&v15, "RS256", true), (&pss, "PS256", true), (&v15, "PS256", false), (&pss, "RS256", false)]
    {
        let token = party.token(json!({ "alg": claimed }), &json!({}));
        let outcome = foreign::verify(&token, &party.jwks(), SigningAlgorithm::ALL);
        assert_eq!(outcome.is_ok(), ok, "{claimed}");
        assert!(ok || outcome == Err(TokenRejected::Signature));
    }
}

#[tokio::test]
async fn section_3_3_a_key_of_size_2048_bits_or_larger_must_be_used() {
    let node = node().await;
    let jwks: Value = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    for key in jwks["keys"].as_array().unwrap().iter().filter(|key| key["kty"] == "RSA") {
        let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        assert_eq!((modulus.len(), modulus[0] >> 7), (256, 1));
        assert_eq!(key["e"], "AQAB");
    }
    let weak = json!({ "keys": [{ "kty": "RSA", "n": base64url([0xff; 128]), "e": "AQAB" }] });
    assert_eq!(foreign::check_jwks(&weak), Err(JwksRejected::Bounds(0)));
}

#[test]
fn section_3_4_a_signature_is_r_and_s_concatenated_and_not_der() {
    let party = Party::new("ES256");
    let token = party.token(json!({}), &json!({}));
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let raw = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let integer = |half: &[u8]| {
        let number: Vec<u8> = if half[0] >= 0x80 { [&[0], half].concat() } else { half.to_vec() };
        [&[2, u8::try_from(number.len()).unwrap()], &number[..]].concat()
    };
    let numbers = [integer(&raw[..32]), integer(&raw[32..])].concat();
    let der = [&[0x30, u8::try_from(numbers.len()).unwrap()], &numbers[..]].concat();
    let token = format!("{signed}.{}", base64url(der));
    assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::Signature));
}

#[test]
fn section_6_2_1_2_the_length_of_this_octet_string_must_be_the_full_size_of_a_coordinate() {
    let short = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": base64url([1; 31]), "y": base64url([1; 32]) }] });
    assert_eq!(foreign::check_jwks(&short), Err(JwksRejected::Bounds(0)));
}

#[test]
fn section_6_3_1_1_a_modulus_has_no_leading_zero_octet() {
    let padded = [&[0][..], &[0xc1; 256]].concat();
    let padded = json!({ "keys": [{ "kty": "RSA", "n": base64url(padded), "e": "AQAB" }] });
    assert_eq!(foreign::check_jwks(&padded), Err(JwksRejected::Bounds(0)));
}
