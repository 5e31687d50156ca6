//! First start, signing, publishing.

use haechi::keys::TokenType;
use haechi::model::client::SigningAlgorithm;
use serde_json::{Value, json};

use crate::support::keys::node;

#[tokio::test]
async fn every_algorithm_signs_what_the_ring_verifies() {
    let node = node().await;
    for &algorithm in SigningAlgorithm::ALL {
        let token = node.ring.sign(algorithm, TokenType::AccessToken, &json!({ "sub": "me" })).unwrap();
        let claims: Value = node.ring.verify(&token, TokenType::AccessToken).unwrap();
        assert_eq!(claims, json!({ "sub": "me" }));
    }
    node.ring.self_check().unwrap();
}
