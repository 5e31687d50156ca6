//! First start, signing, publishing, and what a meddled store comes to.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use haechi::config::keys::KeysConfig;
use haechi::keys::{KeyEncryptionKey, KeyError, KeyRing, TokenRejected, TokenType};
use haechi::model::client::SigningAlgorithm::{self, ES256, ES384, EdDSA, PS256, RS256};
use haechi::model::signing_key::KeyState;
use haechi::support::{ManualClock, SeededRandom};
use serde_json::{Value, json};

use crate::support::keys::{MemoryKeys, Node, START, node, open, reopen, times};

fn jwks(node: &Node) -> Value {
    serde_json::from_slice(&node.ring.jwks().body).unwrap()
}

#[tokio::test]
async fn every_algorithm_signs_what_the_ring_verifies() {
    let node = node().await;
    for &algorithm in SigningAlgorithm::ALL {
        for typ in [TokenType::AccessToken, TokenType::IdToken, TokenType::LogoutToken] {
            let token = node.ring.sign(algorithm, typ, &json!({ "sub": "me" })).unwrap();
            let claims: Value = node.ring.verify(&token, typ).unwrap();
            assert_eq!(claims, json!({ "sub": "me" }));
        }
    }
    node.ring.self_check().unwrap();
}

#[tokio::test]
async fn a_first_start_signs_at_once_and_rsa_follows() {
    let store = MemoryKeys::holding(vec![]);
    let node = open(store, Arc::new(ManualClock::new(START)), &KeysConfig::default()).await.unwrap();
    assert_eq!(node.ring.algorithms(), [ES256, RS256, PS256, ES384]);
    for algorithm in [ES256, ES384] {
        assert!(node.ring.has(algorithm));
    }
    for algorithm in [RS256, PS256] {
        assert!(!node.ring.has(algorithm));
        let refused = node.ring.sign(algorithm, TokenType::IdToken, &json!({})).unwrap_err();
        assert!(matches!(refused, KeyError::NoKey(missing) if missing == algorithm));
    }
    // What is cached now would lack the keys that sign in a moment.
    assert_eq!(node.ring.jwks().max_age, Duration::ZERO);
    let before = node.ring.jwks().etag.clone();
    node.ring.tend().await.unwrap();
    assert!(node.ring.has(RS256) && node.ring.has(PS256));
    assert_eq!(node.ring.jwks().max_age, Duration::from_mins(10));
    assert_ne!(node.ring.jwks().etag, before);
}

#[tokio::test]
async fn a_restart_finds_the_same_keys() {
    let first = node().await;
    let token = first.ring.sign(RS256, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    let second = reopen(&first).await.unwrap();
    assert_eq!(second.ring.jwks().body, first.ring.jwks().body);
    assert_eq!(second.ring.jwks().etag, first.ring.jwks().etag);
    second.ring.verify::<Value>(&token, TokenType::IdToken).unwrap();
}

#[tokio::test]
async fn published_keys_have_these_members_and_no_private_ones() {
    let node = node().await;
    let jwks = jwks(&node);
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 5);
    for key in keys {
        let members: BTreeSet<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let material: &[&str] = match key["kty"].as_str().unwrap() {
            "EC" => &["crv", "x", "y"],
            "OKP" => &["crv", "x"],
            "RSA" => &["n", "e"],
            other => panic!("{other}"),
        };
        let expected: BTreeSet<_> = ["kid", "kty", "use", "alg"].into_iter().chain(material.iter().copied()).collect();
        assert_eq!(members, expected);
        assert_eq!(key["use"], "sig");
        assert!(key["kid"].as_str().unwrap().starts_with("key_"));
    }
    let algorithms: Vec<_> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(algorithms, ["ES256", "EdDSA", "RS256", "PS256", "ES384"]);
    haechi::keys::foreign::check_jwks(&jwks).unwrap();
}

#[tokio::test]
async fn the_entity_tag_is_strong_and_quoted() {
    let etag = node().await.ring.jwks().etag.clone();
    assert!(etag.len() == 26 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
}

#[tokio::test]
async fn another_key_encryption_key_opens_nothing_and_says_so() {
    let node = node().await;
    let (clock, random) = (node.clock.clone(), Arc::new(SeededRandom::new(2)));
    let other = KeyEncryptionKey::from_bytes([8; 32]);
    let outcome = KeyRing::open(node.store.clone(), &other, times(&KeysConfig::default()), clock, random).await;
    let Err(error) = outcome else { panic!("it opened") };
    assert!(matches!(error, KeyError::WrongKeyEncryptionKey(_)), "{error:?}");
    assert!(error.to_string().contains("key-encryption key"));
}

#[tokio::test]
async fn claims_that_are_no_json_are_an_error_and_no_panic() {
    let odd = std::collections::BTreeMap::from([((1, 2), 3)]);
    let refused = node().await.ring.sign(ES256, TokenType::IdToken, &odd).unwrap_err();
    assert!(matches!(refused, KeyError::Claims(_)));
}

#[tokio::test]
async fn who_writes_to_the_store_cannot_slip_in_a_public_key() {
    let ours = node().await;
    let theirs = open(MemoryKeys::holding(vec![]), ours.clock.clone(), &KeysConfig::default()).await.unwrap();
    let stranger = theirs.store.records().remove(0);
    ours.store.meddle(|records| {
        let record = records.iter_mut().find(|record| record.algorithm == stranger.algorithm).unwrap();
        record.public_jwk = stranger.public_jwk.clone();
    });
    assert!(matches!(ours.ring.tend().await, Err(KeyError::Corrupt(_))));
    assert!(matches!(reopen(&ours).await, Err(KeyError::Corrupt(_))));
    // The node that runs keeps to what it knows.
    let token = theirs.ring.sign(ES256, TokenType::IdToken, &json!({ "sub": "admin" })).unwrap();
    assert_eq!(ours.ring.verify::<Value>(&token, TokenType::IdToken), Err(TokenRejected::UnknownKey));
    ours.ring.self_check().unwrap();
}

#[tokio::test]
async fn a_sealed_key_opens_only_under_its_own_id_and_algorithm() {
    for change in [
        |records: &mut Vec<haechi::model::signing_key::SigningKeyRecord>| {
            let sealed = records[0].sealed.clone();
            records[1].sealed = sealed;
        },
        |records: &mut Vec<haechi::model::signing_key::SigningKeyRecord>| {
            let rsa = records.iter_mut().find(|record| record.algorithm == RS256).unwrap();
            rsa.algorithm = PS256;
        },
    ] {
        let node = node().await;
        node.store.meddle(change);
        assert!(matches!(reopen(&node).await, Err(KeyError::WrongKeyEncryptionKey(_))));
    }
}

#[tokio::test]
async fn key_002_stored_keys_hold_no_private_part_in_the_clear() {
    let node = node().await;
    for record in node.store.records() {
        assert_eq!(record.state, KeyState::Active);
        // PKCS#8 begins with a SEQUENCE that holds a version; RSA keys name their algorithm early on.
        let rsa_encryption = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d];
        assert!(!record.sealed.windows(6).any(|bytes| bytes == rsa_encryption));
        assert!(record.public_jwk.get("d").is_none());
    }
    assert!(!serde_json::to_string(&node.ring.list()).unwrap().contains("jwk"));
}

#[tokio::test]
async fn a_key_on_request_signs_at_once_and_every_node_holds_it_from_then_on() {
    let config = KeysConfig { algorithms: vec![ES256], ..KeysConfig::default() };
    let (store, clock) = (MemoryKeys::holding(vec![]), Arc::new(ManualClock::new(START)));
    let one = open(store.clone(), clock.clone(), &config).await.unwrap();
    let other = open(store.clone(), clock.clone(), &config).await.unwrap();
    let published = |node: &Node| String::from_utf8(node.ring.jwks().body.to_vec()).unwrap();
    assert!(!one.ring.has(EdDSA) && !published(&one).contains("OKP"));
    one.ring.hold(ES384).await.unwrap();
    assert!(!one.ring.has(ES384), "it is neither held nor offered");
    one.ring.hold(EdDSA).await.unwrap();
    let token = one.ring.sign(EdDSA, TokenType::IdToken, &json!({ "sub": "me" })).unwrap();
    assert!(published(&one).contains("OKP"));
    other.ring.follow().await.unwrap();
    other.ring.verify::<Value>(&token, TokenType::IdToken).unwrap();
    other.ring.hold(EdDSA).await.unwrap();
    assert_eq!(store.records().len(), 2, "one is enough");
    // A restart with the same settings, and one without the offer.
    let again = open(store.clone(), clock.clone(), &config).await.unwrap();
    assert_eq!(again.ring.algorithms(), [ES256, EdDSA]);
    let without = KeysConfig { on_request: vec![], ..config };
    let without = open(store, clock, &without).await.unwrap();
    assert_eq!(without.ring.algorithms(), [ES256]);
    without.ring.verify::<Value>(&token, TokenType::IdToken).unwrap();
}
