//! Attacks on whoever reads a JWT: our own tokens that come back, and tokens that somebody else signed.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use haechi::keys::{TokenRejected, TokenType, foreign};
use haechi::model::client::SigningAlgorithm::{self, ES256, ES384, EdDSA, RS256};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::jose::{Party, base64url, hs256, with};
use crate::support::keys::{Node, node};

fn claims() -> Value {
    json!({ "sub": "admin", "iss": "https://client.example" })
}

fn verify(token: &str, jwks: &Value) -> Result<Map<String, Value>, TokenRejected> {
    foreign::verify(token, jwks, SigningAlgorithm::ALL)
}

/// Verifies as one of our own.
fn ours(node: &Node, token: &str) -> Result<Value, TokenRejected> {
    node.ring.verify(token, TokenType::AccessToken)
}

/// An honest token of ours, and its `kid`.
fn honest(node: &Node, algorithm: SigningAlgorithm) -> (String, String) {
    let token = node.ring.sign(algorithm, TokenType::AccessToken, &claims()).unwrap();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
    (token, header["kid"].as_str().unwrap().to_owned())
}

/// An honest token of ours whose header was replaced.
fn reheaded(token: &str, header: &str) -> String {
    format!("{}.{}", base64url(header), token.split_once('.').unwrap().1)
}

#[tokio::test]
async fn alg_none_in_any_spelling_is_refused() {
    let node = node().await;
    let (_, kid) = honest(&node, ES256);
    let party = Party::new("ES256");
    for alg in ["none", "None", "NONE", "nOnE", "", " none", "none ", "null"] {
        for signature in ["", "AA", "bm9uZQ"] {
            let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid }).to_string();
            let token = format!("{}.{}.{signature}", base64url(header), base64url(claims().to_string()));
            assert_eq!(ours(&node, &token), Err(TokenRejected::Algorithm));
            assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Algorithm));
        }
    }
    for alg in [json!(null), json!(1), json!(["ES256"]), json!({}), json!(true)] {
        let token = party.token(json!({ "alg": alg }), &claims());
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Algorithm));
    }
    assert_eq!(verify(&party.raw("{}", "{}"), &party.jwks()), Err(TokenRejected::Algorithm));
}

#[tokio::test]
async fn jwt_002_a_public_key_is_no_hmac_secret() {
    let node = node().await;
    let jwks: Value = serde_json::from_slice(&node.ring.jwks().body).unwrap();
    let rsa = jwks["keys"].as_array().unwrap().iter().find(|key| key["alg"] == "RS256").unwrap();
    let n = URL_SAFE_NO_PAD.decode(rsa["n"].as_str().unwrap()).unwrap();
    let secrets = [
        rsa.to_string().into_bytes(),
        rsa["n"].as_str().unwrap().as_bytes().to_vec(),
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&n)).into_bytes(),
        n,
        vec![],
    ];
    for secret in secrets {
        for alg in ["HS256", "HS384", "HS512", "hs256"] {
            let header = json!({ "alg": alg, "typ": "at+jwt", "kid": rsa["kid"] });
            let token = hs256(&secret, &header, &claims());
            assert_eq!(ours(&node, &token), Err(TokenRejected::Algorithm));
            assert_eq!(verify(&token, &jwks), Err(TokenRejected::Algorithm));
        }
        // The right name over the wrong kind of signature.
        let token = hs256(&secret, &json!({ "alg": "RS256", "typ": "at+jwt", "kid": rsa["kid"] }), &claims());
        assert_eq!(ours(&node, &token), Err(TokenRejected::Signature));
    }
}

#[test]
fn jwt_003_a_shared_secret_does_not_stand_in_for_a_registered_key() {
    let party = Party::new("ES256");
    let secret = b"the client secret that leaked";
    let token = hs256(secret, &json!({ "alg": "HS256" }), &claims());
    assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Algorithm));
    // Not even where the set itself holds a symmetric key.
    let poisoned = json!({ "keys": [{ "kty": "oct", "k": base64url(secret), "kid": "a" }] });
    let token = hs256(secret, &json!({ "alg": "HS256", "kid": "a" }), &claims());
    assert_eq!(verify(&token, &poisoned), Err(TokenRejected::Algorithm));
}

#[test]
fn jwt_003_an_algorithm_that_was_not_registered_is_refused_though_the_key_is_right() {
    let rsa = Party::new("PS256");
    let token = rsa.token(json!({}), &claims());
    assert_eq!(foreign::verify(&token, &rsa.jwks(), &[RS256]), Err(TokenRejected::Algorithm));
    assert_eq!(foreign::verify(&token, &rsa.jwks(), &[]), Err(TokenRejected::Algorithm));
    assert!(verify(&token, &rsa.jwks()).is_ok());
    // RFC 8725 section 3.1: a key that says what it is for is used for nothing else.
    let other = json!({ "keys": [rsa.jwk_with(json!({ "alg": "RS256" }))] });
    assert_eq!(verify(&token, &other), Err(TokenRejected::UnknownKey));
}

#[tokio::test]
async fn jwt_004_a_key_of_another_curve_or_type_is_refused() {
    let (p256, p384, ed) = (Party::new("ES256"), Party::new("ES384"), Party::new("EdDSA"));
    for (party, alg) in [(&p256, "ES384"), (&p384, "ES256"), (&ed, "ES256"), (&p256, "EdDSA"), (&p256, "RS256")] {
        let token = party.token(json!({ "alg": alg }), &claims());
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::UnknownKey), "{alg}");
    }
    // X25519 agrees on keys and signs nothing.
    let x25519 = json!({ "keys": [with(ed.jwk(), json!({ "crv": "X25519" }))] });
    assert_eq!(verify(&ed.token(json!({}), &claims()), &x25519), Err(TokenRejected::UnknownKey));
    // A curve's name over another curve's coordinates.
    for (party, curve) in [(&p256, "P-384"), (&p384, "P-256"), (&p256, "secp256k1"), (&p256, "p-256")] {
        let jwks = json!({ "keys": [party.jwk_with(json!({ "crv": curve }))] });
        for alg in ["ES256", "ES384"] {
            let token = party.token(json!({ "alg": alg }), &claims());
            assert_eq!(verify(&token, &jwks), Err(TokenRejected::UnknownKey), "{curve}");
        }
    }
    let node = node().await;
    for (signed_by, claimed) in [(ES256, "ES384"), (ES384, "ES256"), (RS256, "PS256"), (EdDSA, "ES256")] {
        let (token, kid) = honest(&node, signed_by);
        let header = json!({ "alg": claimed, "typ": "at+jwt", "kid": kid }).to_string();
        assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::Algorithm));
    }
}

#[tokio::test]
async fn jwt_004_psychic_and_misshapen_signatures_are_refused() {
    let node = node().await;
    for (algorithm, party) in [(ES256, Party::new("ES256")), (ES384, Party::new("ES384")), (EdDSA, Party::new("EdDSA"))]
    {
        let theirs = party.token(json!({}), &claims());
        let (mine, _) = honest(&node, algorithm);
        let honest = URL_SAFE_NO_PAD.decode(mine.rsplit('.').next().unwrap()).unwrap();
        let length = honest.len();
        let mut forged = vec![vec![], vec![0; length], vec![0xff; length], vec![0; length - 1], vec![0; length * 2]];
        let half = length / 2;
        forged.push([&vec![0; half][..], &honest[half..]].concat());
        forged.push([&honest[..half], &vec![0; half][..]].concat());
        forged.push(honest[..length - 1].to_vec());
        forged.push([&honest[..], &[0]].concat());
        for signature in forged {
            let token = format!("{}.{}", mine.rsplit_once('.').unwrap().0, base64url(&signature));
            assert_eq!(ours(&node, &token), Err(TokenRejected::Signature));
            let forged = format!("{}.{}", theirs.rsplit_once('.').unwrap().0, base64url(&signature));
            assert_eq!(verify(&forged, &party.jwks()), Err(TokenRejected::Signature));
        }
    }
}

#[tokio::test]
async fn jwt_005_a_kid_is_a_name_to_look_up_and_nothing_else() {
    let node = node().await;
    let (token, kid) = honest(&node, ES256);
    let longest = "k".repeat(129);
    let mebibyte = "k".repeat(1 << 20);
    for odd in [
        "../../../../dev/null",
        "/dev/null",
        "' OR 1=1--",
        "http://127.0.0.1:9/",
        "",
        " ",
        "\0",
        "키\u{202e}",
        &format!("{kid} "),
        &kid.to_uppercase(),
        &format!("{kid}\0"),
        &longest,
    ] {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": odd }).to_string();
        assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::UnknownKey), "{odd:?}");
    }
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": mebibyte }).to_string();
    assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::TooLong));
    for odd in [json!(null), json!(1), json!([kid]), json!({ "kid": kid })] {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": odd }).to_string();
        assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::Malformed));
    }
    let header = json!({ "alg": "ES256", "typ": "at+jwt" }).to_string();
    assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::UnknownKey), "no kid");
}

#[test]
fn jwt_005_a_kid_that_two_keys_share_decides_nothing_between_suitable_ones() {
    let (one, other, ed) = (Party::new("ES256"), Party::new("ES256"), Party::new("EdDSA"));
    let kid = json!({ "kid": "a" });
    let ambiguous = json!({ "keys": [one.jwk_with(kid.clone()), other.jwk_with(kid.clone())] });
    for party in [&one, &other] {
        assert_eq!(verify(&party.token(kid.clone(), &claims()), &ambiguous), Err(TokenRejected::UnknownKey));
        assert_eq!(verify(&party.token(json!({}), &claims()), &ambiguous), Err(TokenRejected::UnknownKey));
    }
    // Of different types only one suits the algorithm.
    let distinct = json!({ "keys": [one.jwk_with(kid.clone()), ed.jwk_with(kid.clone())] });
    assert!(verify(&one.token(kid.clone(), &claims()), &distinct).is_ok());
    assert!(verify(&ed.token(kid.clone(), &claims()), &distinct).is_ok());
    assert_eq!(verify(&other.token(kid, &claims()), &distinct), Err(TokenRejected::Signature));
}

#[tokio::test]
async fn jwt_006_a_key_that_the_header_brings_along_is_not_looked_at() {
    let node = node().await;
    let (_, kid) = honest(&node, ES256);
    let (party, attacker) = (Party::new("ES256"), Party::new("ES256"));
    for smuggled in [
        json!({ "jwk": attacker.jwk() }),
        json!({ "jku": "http://127.0.0.1:9/jwks" }),
        json!({ "x5u": "http://127.0.0.1:9/chain.pem" }),
        json!({ "x5c": ["MIIB"] }),
        json!({ "x5t": "AA", "x5t#S256": "AA" }),
    ] {
        let token = attacker.token(smuggled.clone(), &claims());
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Signature));
        let token = attacker.token(with(smuggled.clone(), json!({ "typ": "at+jwt", "kid": kid })), &claims());
        assert_eq!(ours(&node, &token), Err(TokenRejected::Signature));
        // And an honest signature counts whatever stands beside it.
        assert!(verify(&party.token(smuggled, &claims()), &party.jwks()).is_ok());
    }
}

#[tokio::test]
async fn jwt_007_what_must_be_understood_is_not() {
    let node = node().await;
    let (token, kid) = honest(&node, ES256);
    let party = Party::new("ES256");
    for crit in [json!(["exp2"]), json!([]), json!(["alg"]), json!(["b64"]), json!("exp"), json!(null), json!({})] {
        let header = json!({ "crit": crit, "exp2": 1 });
        assert_eq!(verify(&party.token(header.clone(), &claims()), &party.jwks()), Err(TokenRejected::Critical));
        let header = with(header, json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid })).to_string();
        assert_eq!(ours(&node, &reheaded(&token, &header)), Err(TokenRejected::Critical));
    }
}

#[test]
fn jwt_008_an_unencoded_payload_is_refused() {
    let party = Party::new("ES256");
    for header in [json!({ "b64": false, "crit": ["b64"] }), json!({ "b64": false }), json!({ "b64": true })] {
        let encoded = party.token(header.clone(), &claims());
        assert_eq!(verify(&encoded, &party.jwks()), Err(TokenRejected::Critical));
        let head = base64url(with(json!({ "alg": "ES256" }), header).to_string());
        let signed = format!("{head}.{}", claims());
        let token = format!("{signed}.{}", base64url(party.sign(signed.as_bytes())));
        assert!(verify(&token, &party.jwks()).is_err());
    }
}

#[tokio::test]
async fn jwt_009_members_that_appear_twice_are_refused() {
    let party = Party::new("ES256");
    for header in [
        r#"{"alg":"ES256","alg":"none"}"#,
        r#"{"alg":"none","alg":"ES256"}"#,
        r#"{"alg":"ES256","kid":"a","kid":"a"}"#,
        r#"{"alg":"ES256","\u0061lg":"ES256"}"#,
        r#"{"alg":"ES256","jwk":{"kty":"EC","kty":"RSA"}}"#,
    ] {
        assert_eq!(verify(&party.raw(header, "{}"), &party.jwks()), Err(TokenRejected::DuplicateMember), "{header}");
    }
    for claims in [
        r#"{"sub":"me","sub":"admin"}"#,
        r#"{"aud":"a","aud":["b"]}"#,
        r#"{"exp":1,"exp":9999999999}"#,
        r#"{"sub":"me","address":{"country":"KR","country":"KP"}}"#,
        r#"{"sub":"me","s\u0075b":"admin"}"#,
    ] {
        let token = party.raw(r#"{"alg":"ES256"}"#, claims);
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::DuplicateMember), "{claims}");
    }
    let node = node().await;
    let (token, kid) = honest(&node, ES256);
    let twice = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","kid":"{kid}"}}"#);
    assert_eq!(ours(&node, &reheaded(&token, &twice)), Err(TokenRejected::DuplicateMember));
}

#[tokio::test]
async fn jwt_014_what_is_encrypted_or_nested_is_no_signed_token() {
    let node = node().await;
    let party = Party::new("ES256");
    let part = base64url("x");
    let jwe_header = base64url(r#"{"alg":"ECDH-ES","enc":"A256GCM"}"#);
    let jwe = format!("{jwe_header}.{part}.{part}.{part}.{part}");
    let signed = party.token(json!({}), &claims());
    let nested = party.raw(r#"{"alg":"ES256","cty":"JWT"}"#, &signed);
    let dressed = party.token(json!({ "enc": "A256GCM" }), &claims());
    for token in [jwe, nested, dressed, format!("{signed}.{part}"), format!("{part}.{signed}"), format!("{signed}.")] {
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Malformed), "{token}");
        assert!(ours(&node, &token).is_err());
    }
}

#[tokio::test]
async fn a_token_of_one_type_is_none_of_another() {
    let node = node().await;
    let types = [TokenType::AccessToken, TokenType::IdToken, TokenType::LogoutToken];
    for signed in types {
        let token = node.ring.sign(ES256, signed, &claims()).unwrap();
        for wanted in types {
            let outcome = node.ring.verify::<Value>(&token, wanted);
            assert_eq!(outcome.is_ok(), signed == wanted, "{signed:?} as {wanted:?}");
        }
    }
    let party = Party::new("ES256");
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "JOSE", ""] {
        let token = party.token(json!({ "typ": typ }), &claims());
        assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::Type), "{typ:?}");
    }
    for typ in ["JWT", "jwt", "application/jwt", "client-authentication+jwt"] {
        assert!(verify(&party.token(json!({ "typ": typ }), &claims()), &party.jwks()).is_ok(), "{typ:?}");
    }
}

#[tokio::test]
async fn a_second_spelling_of_a_token_is_refused() {
    let node = node().await;
    let (token, _) = honest(&node, ES256);
    ours(&node, &token).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    // 64 bytes end in a character of which four bits count: another one with the same four is a second spelling.
    let last = signature.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let twin = alphabet.chars().nth(alphabet.find(last).unwrap() ^ 1).unwrap();
    let twin = format!("{signed}.{}{twin}", &signature[..signature.len() - 1]);
    for other in [
        twin,
        format!("{token}="),
        format!("{token}=="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{signed}. {signature}"),
        token.replacen('.', "=.", 1),
    ] {
        assert!(ours(&node, &other).is_err(), "{other:?}");
    }
}

#[tokio::test]
async fn a_token_beyond_16_kib_is_not_even_read() {
    let party = Party::new("ES256");
    let token = party.token(json!({}), &json!({ "pad": "x".repeat(16 * 1024) }));
    assert_eq!(verify(&token, &party.jwks()), Err(TokenRejected::TooLong));
    assert!(verify(&party.token(json!({}), &json!({ "pad": "x".repeat(8 * 1024) })), &party.jwks()).is_ok());
}

/// JSON of all shapes for header members.
fn member() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<String>(), 0..4).prop_map(Value::from),
        Just(json!("ES256")),
        Just(json!("none")),
        Just(json!("JWT")),
    ]
}

proptest! {
    #[test]
    fn no_header_panics_or_is_accepted_without_the_right_signature(
        members in prop::collection::btree_map(
            prop_oneof![
                Just("alg".to_owned()), Just("kid".to_owned()), Just("typ".to_owned()), Just("crit".to_owned()),
                Just("jwk".to_owned()), Just("enc".to_owned()), any::<String>(),
            ],
            member(),
            0..6,
        ),
        claims in any::<String>(),
        signature in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let jwks = json!({ "keys": [{
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }] });
        let header = serde_json::to_string(&members).unwrap();
        let token = format!("{}.{}.{}", base64url(header), base64url(claims), base64url(signature));
        prop_assert!(verify(&token, &jwks).is_err());
    }

    #[test]
    fn no_text_panics_or_is_accepted(token in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_=-]{0,40}){0,5}"]) {
        let empty = json!({ "keys": [] });
        prop_assert!(verify(&token, &empty).is_err());
        prop_assert!(verify(&token, &Value::Null).is_err());
    }
}
