//! Keys that were made elsewhere.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::config::keys::KeysConfig;
use haechi::keys::{ImportRejected, KeyError, Rotation, TokenType};
use haechi::model::client::SigningAlgorithm::{self, ES256, ES384, EdDSA};
use haechi::support::ManualClock;
use serde_json::{Value, json};

use crate::support::keys::{MemoryKeys, Node, START, open};

async fn node(algorithms: &[SigningAlgorithm]) -> Node {
    let config = KeysConfig { algorithms: algorithms.to_vec(), on_request: vec![], ..KeysConfig::default() };
    open(MemoryKeys::holding(vec![]), Arc::new(ManualClock::new(START)), &config).await.unwrap()
}

/// As `openssl genpkey -algorithm ed25519` writes one, without the public half: the key of RFC 8410 section 10.3.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

fn es256() -> String {
    rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem()
}

fn rejected(outcome: Result<impl std::fmt::Debug, KeyError>) -> ImportRejected {
    match outcome.unwrap_err() {
        KeyError::Import(rejected) => rejected,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_imported_key_is_published_first_and_then_signs() {
    let node = node(&[EdDSA]).await;
    let id = node.ring.import(EdDSA, ED25519).await.unwrap();
    // RFC 8410 section 10.1: the public key that belongs to it.
    let public = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
    assert!(String::from_utf8_lossy(&node.ring.jwks().body).contains(public));
    assert!(matches!(node.ring.rotate_now(Some(EdDSA)).await.unwrap()[..], [Rotation::Possible(..)]));
    node.clock.advance(Duration::from_mins(11));
    assert_eq!(node.ring.rotate_now(Some(EdDSA)).await.unwrap(), [Rotation::Done(EdDSA)]);
    let token = node.ring.sign(EdDSA, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    node.ring.verify::<Value>(&token, TokenType::IdToken).unwrap();
    node.ring.self_check().unwrap();
    assert_eq!(node.ring.list().iter().filter(|key| key.id == id).count(), 1);
    assert_eq!(rejected(node.ring.import(EdDSA, ED25519).await), ImportRejected::Known);
}

#[tokio::test]
async fn an_imported_key_takes_the_place_of_the_next_one() {
    let node = node(&[ES256]).await;
    let first = node.ring.import(ES256, &es256()).await.unwrap();
    let second = node.ring.import(ES256, &es256()).await.unwrap();
    let ids: Vec<_> = node.ring.list().into_iter().map(|key| key.id).collect();
    assert!(!ids.contains(&first) && ids.contains(&second));
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn a_key_of_another_kind_or_format_is_refused() {
    let node = node(&[ES256, ES384]).await;
    assert_eq!(rejected(node.ring.import(ES384, &es256()).await), ImportRejected::Unsuited(ES384));
    assert_eq!(rejected(node.ring.import(ES256, ED25519).await), ImportRejected::Unsuited(ES256));
    let pem = es256();
    for text in [
        String::new(),
        "key".to_owned(),
        pem.replace("PRIVATE KEY", "EC PRIVATE KEY"),
        pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        pem.replace("PRIVATE KEY", "PUBLIC KEY"),
        STANDARD.encode(&pem),
    ] {
        assert_eq!(rejected(node.ring.import(ES256, &text).await), ImportRejected::NotPkcs8, "{text}");
    }
    assert!(matches!(node.ring.import(EdDSA, ED25519).await, Err(KeyError::NoKey(EdDSA))), "not configured");
    assert_eq!(node.ring.list().len(), 2);
}
