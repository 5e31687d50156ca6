//! RFC 7519, JSON Web Token.

use haechi::keys::{TokenRejected, foreign};
use haechi::model::client::SigningAlgorithm::ES256;

use crate::support::jose::Party;

#[test]
fn section_4_the_claim_names_within_a_jwt_claims_set_must_be_unique() {
    let party = Party::new("ES256");
    let token = party.raw(r#"{"alg":"ES256"}"#, r#"{"iss":"a","sub":"b","iss":"c"}"#);
    assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::DuplicateMember));
}

#[test]
fn section_7_2_the_claims_set_is_a_completely_valid_json_object() {
    let party = Party::new("ES256");
    for claims in ["", "[]", "null", "\"sub\"", "1", "{\"sub\":}", "{} trailing", "{\"exp\":1e999}", "{\"a\":'b'}"] {
        let token = party.raw(r#"{"alg":"ES256"}"#, claims);
        assert_eq!(foreign::verify(&token, &party.jwks(), &[ES256]), Err(TokenRejected::Malformed), "{claims}");
    }
    let unsaid = party.raw(r#"{"alg":"ES256"}"#, "{}");
    assert!(foreign::verify(&unsaid, &party.jwks(), &[ES256]).unwrap().is_empty());
}
