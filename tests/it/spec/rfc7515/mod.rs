//! RFC 7515, JSON Web Signature.

use haechi::keys::{TokenRejected, TokenType, foreign};
use haechi::model::client::SigningAlgorithm::{self, ES256};
use serde_json::{Value, json};

use crate::support::jose::Party;
use crate::support::keys::node;

/// Appendix A.3.1: the key and the token of the example with ECDSA P-256.
fn example() -> (Value, String) {
    let jwks = json!({ "keys": [{
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }] });
    let header = "eyJhbGciOiJFUzI1NiJ9";
    let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    (jwks, format!("{header}.{payload}.{signature}"))
}

#[test]
fn appendix_a_3_example_jws_using_ecdsa_p_256_sha_256() {
    let (jwks, token) = example();
    let claims = foreign::verify(&token, &jwks, &[ES256]).unwrap();
    assert_eq!(Value::from(claims), json!({ "iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true }));
}

#[test]
fn appendix_a_3_with_any_character_changed_is_refused() {
    let (jwks, token) = example();
    for at in 0..token.len() {
        let mut other = token.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert!(foreign::verify(&other, &jwks, SigningAlgorithm::ALL).is_err(), "at {at}");
    }
}

#[test]
fn section_2_base64url_with_all_trailing_equal_characters_omitted_and_without_line_breaks_whitespace() {
    let (jwks, token) = example();
    let mut odd = vec![format!("{token}=="), format!("{token}\r\n"), token.replace('.', " ."), format!("\t{token}")];
    odd.push(token.replace('-', "+").replace('_', "/"));
    for token in odd {
        assert_eq!(foreign::verify(&token, &jwks, &[ES256]).unwrap_err(), outcome(&token), "{token:?}");
    }
}

/// Where the odd character stands decides which of two refusals it is.
fn outcome(token: &str) -> TokenRejected {
    let in_signature = token.ends_with(['=', '\n']) || token.contains(['+', '/']);
    if in_signature { TokenRejected::Signature } else { TokenRejected::Malformed }
}

#[test]
fn section_4_the_header_parameter_names_within_the_jose_header_must_be_unique() {
    let party = Party::new("ES256");
    let token = party.raw(r#"{"alg":"ES256","typ":"JWT","typ":"JWT"}"#, "{}");
    assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::DuplicateMember));
}

#[test]
fn section_4_implementations_must_ignore_header_parameters_that_are_not_understood() {
    let party = Party::new("ES256");
    let token = party.token(json!({ "https://example.com/unknown": [1, { "a": 2 }], "zip": "DEF" }), &json!({}));
    assert!(foreign::verify(&token, &party.jwks(), &[ES256]).is_ok());
}

#[test]
fn section_4_1_1_alg_must_be_present_and_must_be_understood() {
    let party = Party::new("ES256");
    for header in ["{}", r#"{"alg":"ES256K"}"#, r#"{"alg":"es256"}"#, r#"{"alg":""}"#] {
        let token = party.raw(header, "{}");
        assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::Algorithm), "{header}");
    }
}

#[tokio::test]
async fn section_4_1_9_typ_omits_application_and_is_compared_as_a_media_type() {
    let node = node().await;
    let token = node.ring.sign(ES256, TokenType::AccessToken, &json!({})).unwrap();
    assert!(node.ring.verify::<Value>(&token, TokenType::AccessToken).is_ok());
    let party = Party::new("ES256");
    for typ in ["jwt", "JWT", "application/JWT", "APPLICATION/jwt"] {
        assert!(foreign::verify(&party.token(json!({ "typ": typ }), &json!({})), &party.jwks(), &[ES256]).is_ok());
    }
}

#[test]
fn section_4_1_11_if_any_of_the_listed_extension_header_parameters_are_not_understood_the_jws_is_invalid() {
    let party = Party::new("ES256");
    let token = party.token(json!({ "crit": ["exp"], "exp": 1_363_284_000 }), &json!({}));
    assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::Critical));
}

#[test]
fn section_5_2_a_jws_is_three_parts_and_its_header_a_json_object() {
    let party = Party::new("ES256");
    for header in ["", "[]", "\"alg\"", "{\"alg\":\"ES256\"", "{\"alg\":\"ES256\"} {}", "\u{feff}{\"alg\":\"ES256\"}"] {
        let token = party.raw(header, "{}");
        assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::Malformed), "{header}");
    }
    for token in ["", ".", "..", "...", "a", "a.b", "{}"] {
        assert_eq!(foreign::verify(token, &party.jwks(), &[ES256]), Err(TokenRejected::Malformed), "{token}");
    }
}
