//! The life of a key, on one node and on many, and the verifiers' view of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haechi::config::keys::KeysConfig;
use haechi::keys::{KeyError, Rotation, TokenRejected, TokenType};
use haechi::model::client::SigningAlgorithm::{self, ES256, EdDSA};
use haechi::model::signing_key::KeyState::{Active, Next, Retiring};
use haechi::support::id::KeyId;
use haechi::support::{Clock, ManualClock, SeededRandom, Timestamp};
use serde_json::{Value, json};

use crate::support::keys::{MemoryKeys, Node, START, open};

/// No RSA, which takes long to make.
fn quick(algorithms: &[SigningAlgorithm]) -> KeysConfig {
    KeysConfig { algorithms: algorithms.to_vec(), on_request: vec![], ..KeysConfig::default() }
}

async fn nodes(count: usize, config: &KeysConfig) -> Vec<Node> {
    let (store, clock) = (MemoryKeys::holding(vec![]), Arc::new(ManualClock::new(START)));
    let mut nodes = Vec::new();
    for _ in 0..count {
        nodes.push(open(store.clone(), clock.clone(), config).await.unwrap());
    }
    nodes
}

async fn one(config: &KeysConfig) -> Node {
    nodes(1, config).await.remove(0)
}

fn sign(node: &Node, algorithm: SigningAlgorithm) -> String {
    node.ring.sign(algorithm, TokenType::AccessToken, &json!({ "sub": "me" })).unwrap()
}

fn kid(token: &str) -> String {
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split_once('.').unwrap().0).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn verifies(node: &Node, token: &str) -> Result<Value, TokenRejected> {
    node.ring.verify(token, TokenType::AccessToken)
}

/// A service that caches the JWKS exactly as it is told to.
#[derive(Default)]
struct Verifier {
    cached: HashSet<String>,
    until: Option<Timestamp>,
}

impl Verifier {
    fn knows(&mut self, token: &str, node: &Node) -> bool {
        let now = node.clock.now();
        if self.until.is_none_or(|until| now >= until) {
            let published = node.ring.jwks();
            let jwks: Value = serde_json::from_slice(&published.body).unwrap();
            self.cached =
                jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
            self.until = Some(now.plus(published.max_age));
        }
        self.cached.contains(&kid(token))
    }
}

#[tokio::test]
async fn a_verifier_that_caches_as_told_never_meets_an_unknown_key() {
    let config = KeysConfig { rotation_days: 1, ..quick(&[ES256, EdDSA]) };
    let nodes = nodes(3, &config).await;
    let mut verifiers: Vec<Verifier> = (0..7).map(|_| Verifier::default()).collect();
    let mut seen = HashSet::new();
    for minute in 0..2 * 24 * 60_usize {
        // Nodes and verifiers out of step with each other.
        nodes[minute % 3].ring.tend().await.unwrap();
        if minute % 97 == 0 {
            nodes[minute % 3].ring.rotate_now(None, vec![]).await.unwrap();
        }
        let node = &nodes[minute % 2];
        for algorithm in [ES256, EdDSA] {
            let token = sign(node, algorithm);
            seen.insert(kid(&token));
            let which = minute % verifiers.len();
            assert!(verifiers[which].knows(&token, &nodes[(minute + 1) % 3]), "minute {minute}");
        }
        nodes[0].clock.advance(Duration::from_secs(19));
        for node in &nodes {
            node.ring.tend().await.unwrap();
        }
        nodes[0].clock.advance(Duration::from_secs(41));
    }
    assert!(seen.len() > 10, "{} keys", seen.len());
}

#[tokio::test]
async fn a_token_verifies_for_as_long_as_it_may_live_and_its_key_then_goes() {
    let node = one(&quick(&[ES256])).await;
    node.clock.advance(Duration::from_mins(11));
    node.ring.tend().await.unwrap();
    node.clock.advance(Duration::from_hours(30 * 24));
    let last = sign(&node, ES256);
    node.ring.tend().await.unwrap();
    assert_ne!(kid(&sign(&node, ES256)), kid(&last));
    node.clock.advance(haechi::keys::LONGEST_TOKEN_LIFETIME);
    node.ring.tend().await.unwrap();
    verifies(&node, &last).unwrap();
    node.clock.advance(Duration::from_mins(1));
    node.ring.tend().await.unwrap();
    assert_eq!(verifies(&node, &last), Err(TokenRejected::UnknownKey));
}

#[tokio::test]
async fn nodes_that_rotate_at_once_agree() {
    let config = quick(&[ES256, EdDSA]);
    let nodes = nodes(10, &config).await;
    for step in [0, 11, 30 * 24 * 60, 11, 30 * 24 * 60] {
        nodes[0].clock.advance(Duration::from_mins(step));
        let tending: Vec<_> = nodes
            .iter()
            .map(|node| {
                let ring = node.ring.clone();
                tokio::spawn(async move { ring.tend().await })
            })
            .collect();
        for tended in tending {
            match tended.await.unwrap() {
                Ok(()) | Err(KeyError::Contended) => {}
                Err(error) => panic!("{error}"),
            }
        }
        for algorithm in [ES256, EdDSA] {
            let count = |state| {
                nodes[0].store.records().iter().filter(|key| key.algorithm == algorithm && key.state == state).count()
            };
            assert_eq!(count(Active), 1);
            assert!(count(Next) <= 1);
        }
        for node in &nodes {
            node.ring.tend().await.unwrap();
        }
        assert!(nodes.iter().all(|node| node.ring.jwks().etag == nodes[0].ring.jwks().etag));
    }
}

#[tokio::test]
async fn rotating_now_waits_for_the_verifiers() {
    let node = one(&quick(&[ES256])).await;
    let first = kid(&sign(&node, ES256));
    let outcome = node.ring.rotate_now(Some(ES256), vec![]).await.unwrap();
    let possible = START.plus(Duration::from_mins(11));
    assert_eq!(outcome, [Rotation::Possible(ES256, possible)]);
    assert_eq!(kid(&sign(&node, ES256)), first);
    node.clock.set(possible);
    assert_eq!(node.ring.rotate_now(Some(ES256), vec![]).await.unwrap(), [Rotation::Done(ES256)]);
    assert_ne!(kid(&sign(&node, ES256)), first);
    let refused = node.ring.rotate_now(Some(EdDSA), vec![]).await.unwrap_err();
    assert!(matches!(refused, KeyError::NoKey(EdDSA)));
}

#[tokio::test]
async fn a_revoked_key_is_gone_on_every_node_and_signing_goes_on() {
    let nodes = nodes(2, &quick(&[ES256])).await;
    for minutes in [0, 11] {
        nodes[0].clock.advance(Duration::from_mins(minutes));
        nodes[0].ring.tend().await.unwrap();
        nodes[1].ring.tend().await.unwrap();
        let stolen = sign(&nodes[0], ES256);
        let id: KeyId = kid(&stolen).parse().unwrap();
        nodes[0].ring.revoke(id, vec![]).await.unwrap();
        nodes[1].ring.tend().await.unwrap();
        for node in &nodes {
            assert_eq!(verifies(node, &stolen), Err(TokenRejected::UnknownKey));
            assert!(!String::from_utf8_lossy(&node.ring.jwks().body).contains(&id.to_string()));
            verifies(node, &sign(&nodes[0], ES256)).unwrap();
            node.ring.self_check().unwrap();
        }
        assert!(matches!(nodes[0].ring.revoke(id, vec![]).await, Err(KeyError::UnknownKey(unknown)) if unknown == id));
    }
}

#[tokio::test]
async fn a_successor_that_was_published_before_takes_over_from_a_revoked_key() {
    let node = one(&quick(&[ES256])).await;
    node.clock.advance(Duration::from_mins(11));
    node.ring.tend().await.unwrap();
    let mut verifier = Verifier::default();
    let stolen = sign(&node, ES256);
    assert!(verifier.knows(&stolen, &node));
    node.ring.revoke(kid(&stolen).parse().unwrap(), vec![]).await.unwrap();
    assert!(verifier.knows(&sign(&node, ES256), &node), "without reading the JWKS again");
}

#[tokio::test]
async fn an_algorithm_can_be_added_and_dropped_while_running() {
    let before = one(&quick(&[ES256])).await;
    let both = quick(&[ES256, EdDSA]);
    let after = open(before.store.clone(), before.clock.clone(), &both).await.unwrap();
    assert!(!after.ring.has(EdDSA), "not known to verifiers yet");
    after.clock.advance(Duration::from_mins(11));
    after.ring.tend().await.unwrap();
    let token = sign(&after, EdDSA);

    let dropped = open(before.store.clone(), before.clock.clone(), &quick(&[ES256])).await.unwrap();
    assert!(!dropped.ring.has(EdDSA));
    verifies(&dropped, &token).unwrap();
    let states: Vec<_> = dropped.ring.list().iter().filter(|key| key.algorithm == EdDSA).map(|key| key.state).collect();
    assert_eq!(states, [Retiring]);
}

#[tokio::test]
async fn an_unknown_id_cannot_be_revoked() {
    let node = one(&quick(&[ES256])).await;
    let nobody = KeyId::new(START, &SeededRandom::new(99));
    assert!(matches!(node.ring.revoke(nobody, vec![]).await, Err(KeyError::UnknownKey(_))));
    assert_eq!(node.ring.list().len(), 1);
}
