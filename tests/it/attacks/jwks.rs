//! Attacks through a JWK Set that somebody registers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::keys::{JwksRejected, foreign};
use serde_json::{Value, json};

use crate::support::jose::{Party, base64url};

fn check(keys: &[Value]) -> Result<(), JwksRejected> {
    foreign::check_jwks(&json!({ "keys": keys }))
}

#[test]
fn jwt_016_honest_keys_of_every_type_are_taken() {
    let keys: Vec<_> = ["ES256", "ES384", "EdDSA", "RS256"]
        .into_iter()
        .map(|alg| Party::new(alg).jwk_with(json!({ "kid": alg, "use": "sig", "alg": alg })))
        .collect();
    assert_eq!(check(&keys), Ok(()));
    let x25519 = json!({ "kty": "OKP", "crv": "X25519", "x": base64url([9; 32]), "use": "enc" });
    assert_eq!(check(&[keys[0].clone(), x25519]), Ok(()), "a public key to encrypt to does no harm");
}

#[test]
fn jwt_016_private_and_symmetric_keys_are_refused() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        let key = Party::new("ES256").jwk_with(json!({ member: base64url([1; 32]) }));
        assert_eq!(check(&[key]), Err(JwksRejected::Private(0)), "{member}");
    }
    assert_eq!(check(&[json!({ "kty": "oct", "k": "AAAA" })]), Err(JwksRejected::Private(0)));
    for key in [json!({ "kty": "oct" }), json!({ "kty": "oct", "use": "enc" }), json!({ "kty": "XYZ" }), json!({})] {
        assert_eq!(check(&[key]), Err(JwksRejected::Kind(0)));
    }
}

#[test]
fn jwt_016_keys_out_of_bounds_are_refused() {
    let rsa = |bytes: usize| json!({ "kty": "RSA", "n": base64url(vec![0xc1; bytes]), "e": "AQAB" });
    assert_eq!(check(&[rsa(256)]), Ok(()));
    assert_eq!(check(&[rsa(512)]), Ok(()));
    let mut bad = vec![rsa(255), rsa(513), rsa(65_536 / 8), rsa(0)];
    let almost = [&[0x7f][..], &[0xc1; 255]].concat();
    bad.push(json!({ "kty": "RSA", "n": base64url(almost), "e": "AQAB" }));
    let leading_zero = [&[0][..], &[0xc1; 256]].concat();
    bad.push(json!({ "kty": "RSA", "n": base64url(leading_zero), "e": "AQAB" }));
    for e in [json!("AQ"), json!("Aw"), json!("AAEAAQ"), json!(""), json!(65537), json!(null), json!("AQAB=")] {
        bad.push(json!({ "kty": "RSA", "n": base64url([0xc1; 256]), "e": e }));
    }
    bad.push(json!({ "kty": "RSA", "e": "AQAB" }));
    for (x, y) in [(31, 32), (32, 33), (0, 32), (48, 48)] {
        bad.push(json!({ "kty": "EC", "crv": "P-256", "x": base64url(vec![1; x]), "y": base64url(vec![1; y]) }));
    }
    bad.push(json!({ "kty": "EC", "crv": "P-256", "x": base64url([1; 32]) }));
    bad.push(json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url([1; 31]) }));
    bad.push(json!({ "kty": "OKP", "crv": "Ed25519", "x": format!("{}=", base64url([1; 32])) }));
    for key in bad {
        assert_eq!(check(std::slice::from_ref(&key)), Err(JwksRejected::Bounds(0)), "{key}");
    }
}

#[test]
fn jwt_016_a_set_has_a_bounded_number_of_keys_with_distinct_ids() {
    let key = |kid: Value| Party::new("EdDSA").jwk_with(json!({ "kid": kid }));
    let keys: Vec<_> = (0..21).map(|number| key(json!(number.to_string()))).collect();
    assert_eq!(check(&keys[..20]), Ok(()));
    assert_eq!(check(&keys), Err(JwksRejected::TooMany));
    assert_eq!(check(&vec![json!({}); 10_000]), Err(JwksRejected::TooMany));
    assert_eq!(check(&[]), Err(JwksRejected::Empty));
    assert_eq!(check(&[keys[0].clone(), keys[0].clone()]), Err(JwksRejected::DuplicateKeyId(1)));
    for kid in [json!(""), json!("k".repeat(129)), json!(1), json!(null), json!(["a"])] {
        assert_eq!(check(&[key(kid)]), Err(JwksRejected::KeyId(0)));
    }
    for odd in [json!(null), json!([]), json!({}), json!({ "keys": {} }), json!({ "keys": ["a"] }), json!("x")] {
        assert_eq!(foreign::check_jwks(&odd), Err(JwksRejected::NotASet));
    }
}

#[test]
fn jwt_016_a_certificate_for_another_key_is_refused() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let pair = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
        let certificate = STANDARD.encode(certificate.self_signed(&pair).unwrap().der());
        let point = pair.public_key_raw();
        let jwk = match point.len() {
            32 => json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(point) }),
            length => {
                let (x, y) = point[1..].split_at(length / 2);
                let curve = if length == 65 { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y) })
            }
        };
        let with = |x5c: Value| {
            let mut jwk = jwk.clone();
            jwk["x5c"] = x5c;
            check(&[jwk])
        };
        assert_eq!(with(json!([certificate])), Ok(()));
        let other = Party::new("ES256").jwk_with(json!({ "x5c": [certificate] }));
        assert_eq!(check(&[other]), Err(JwksRejected::Certificate(0)));
        for odd in [
            json!([]),
            json!(certificate),
            json!([1]),
            json!([""]),
            json!(["MIIB"]),
            json!(null),
            json!(vec!["MIIB"; 11]),
        ] {
            assert_eq!(with(odd), Err(JwksRejected::Certificate(0)));
        }
        for end in 0..certificate.len() / 4 {
            assert!(with(json!([certificate[..end * 4]])).is_err(), "cut at {end}");
        }
    }
}

#[test]
fn jwt_016_a_certificate_for_an_rsa_key_is_compared_by_its_numbers() {
    let party = Party::new("RS256");
    let pair =
        rcgen::KeyPair::from_der_and_sign_algo(&rcgen_der(&crate::support::jose::rsa_pkcs8()), &rcgen::PKCS_RSA_SHA256)
            .unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
    let certificate = STANDARD.encode(certificate.self_signed(&pair).unwrap().der());
    assert_eq!(check(&[party.jwk_with(json!({ "x5c": [certificate] }))]), Ok(()));
    let mut other = party.jwk_with(json!({ "x5c": [certificate] }));
    other["n"] = json!(base64url([0xc1; 256]));
    assert_eq!(check(&[other]), Err(JwksRejected::Certificate(0)));
}

fn rcgen_der(pkcs8: &[u8]) -> rustls::pki_types::PrivateKeyDer<'_> {
    rustls::pki_types::PrivatePkcs8KeyDer::from(pkcs8).into()
}
