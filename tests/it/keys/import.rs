//! Keys that were made elsewhere.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haechi::config::keys::KeysConfig;
use haechi::keys::{ImportRejected, KeyError, Rotation, TokenType};
use haechi::model::client::SigningAlgorithm::{self, ES256, ES384, EdDSA, RS256};
use haechi::support::ManualClock;
use serde_json::{Value, json};

use crate::support::jose::rsa_pem;
use crate::support::keys::{ED25519, MemoryKeys, Node, START, open};

async fn node(algorithms: &[SigningAlgorithm]) -> Node {
    let config = KeysConfig { algorithms: algorithms.to_vec(), on_request: vec![], ..KeysConfig::default() };
    open(MemoryKeys::holding(vec![]), Arc::new(ManualClock::new(START)), &config).await.unwrap()
}

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
    let imported = node.ring.import(EdDSA, ED25519, |_| vec![]).await.unwrap();
    let id = imported.key.id;
    // RFC 8410 section 10.1: the public key that belongs to it.
    let public = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
    assert!(String::from_utf8_lossy(&node.ring.jwks().body).contains(public));
    assert_eq!(
        node.ring.rotate_now(Some(EdDSA), vec![]).await.unwrap(),
        [Rotation::Possible(EdDSA, imported.possible_at)]
    );
    node.clock.advance(Duration::from_mins(11));
    assert_eq!(node.ring.rotate_now(Some(EdDSA), vec![]).await.unwrap(), [Rotation::Done(EdDSA)]);
    let token = node.ring.sign(EdDSA, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    node.ring.verify::<Value>(&token, TokenType::IdToken).unwrap();
    node.ring.self_check().unwrap();
    assert_eq!(node.ring.list().iter().filter(|key| key.id == id).count(), 1);
    assert_eq!(rejected(node.ring.import(EdDSA, ED25519, |_| vec![]).await), ImportRejected::Known);
}

#[tokio::test]
async fn an_imported_key_takes_the_place_of_the_next_one() {
    let node = node(&[ES256]).await;
    let first = node.ring.import(ES256, &es256(), |_| vec![]).await.unwrap().key.id;
    let second = node.ring.import(ES256, &es256(), |_| vec![]).await.unwrap().key.id;
    let ids: Vec<_> = node.ring.list().into_iter().map(|key| key.id).collect();
    assert!(!ids.contains(&first) && ids.contains(&second));
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn a_revoked_key_is_not_taken_again() {
    let node = node(&[EdDSA]).await;
    let imported = node.ring.import(EdDSA, ED25519, |_| vec![]).await.unwrap();
    node.ring.revoke(imported.key.id, vec![]).await.unwrap();
    assert_eq!(rejected(node.ring.try_import(EdDSA, ED25519).await), ImportRejected::Revoked);
    assert_eq!(rejected(node.ring.import(EdDSA, ED25519, |_| vec![]).await), ImportRejected::Revoked);
}

#[tokio::test]
async fn a_key_of_another_kind_or_format_is_refused() {
    let node = node(&[ES256, ES384]).await;
    assert_eq!(rejected(node.ring.import(ES384, &es256(), |_| vec![]).await), ImportRejected::Unsuited(ES384));
    assert_eq!(rejected(node.ring.import(ES256, ED25519, |_| vec![]).await), ImportRejected::Unsuited(ES256));
    let pem = es256();
    for text in [String::new(), "key".to_owned(), pem.replace("PRIVATE KEY", "EC PRIVATE KEY"), STANDARD.encode(&pem)] {
        assert_eq!(rejected(node.ring.import(ES256, &text, |_| vec![]).await), ImportRejected::NotPkcs8, "{text}");
    }
    let encrypted = pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert_eq!(rejected(node.ring.import(ES256, &encrypted, |_| vec![]).await), ImportRejected::Encrypted);
    let public = pem.replace("PRIVATE KEY", "PUBLIC KEY");
    assert_eq!(rejected(node.ring.import(ES256, &public, |_| vec![]).await), ImportRejected::PublicOnly);
    assert!(
        matches!(node.ring.import(EdDSA, ED25519, |_| vec![]).await, Err(KeyError::NoKey(EdDSA))),
        "not configured"
    );
    assert_eq!(node.ring.list().len(), 2);
}

#[tokio::test]
async fn an_rsa_key_has_2048_bits_or_more_and_is_one_of_rsa() {
    let node = node(&[ES256, RS256]).await;
    let short = rsa_pem(1024);
    assert_eq!(rejected(node.ring.import(RS256, &short, |_| vec![]).await), ImportRejected::RsaBounds);
    assert_eq!(rejected(node.ring.import(ES256, &short, |_| vec![]).await), ImportRejected::Unsuited(ES256));
    assert_eq!(rejected(node.ring.import(RS256, &es256(), |_| vec![]).await), ImportRejected::Unsuited(RS256));
    let tried = node.ring.try_import(RS256, &rsa_pem(2048)).await.unwrap();
    assert!(node.ring.list().iter().all(|key| key.id != tried.key.id), "trying changes nothing");
}
